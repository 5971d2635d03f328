import { errorCodeOf, reasonOf } from '../reason-of.ts';
import { engineReason } from '../tls/engine-reason.ts';
import { TlsFailure } from './exchange.ts';

/** In words for the sender and the log: the TLS engine speaks to programmers, of switches of its own. */
export function handshakeFailure(error: unknown, host: string): TlsFailure {
  const code = errorCodeOf(error) ?? '';
  const text = code === 'ERR_TLS_CERT_ALTNAME_INVALID' ? `its certificate is not for ${host}` : reasons[code];
  return new TlsFailure(text ?? engineReason(error) ?? reasonOf(error), { cause: error });
}

const untrusted = 'its certificate is signed by nobody who is trusted here';
const selfSigned = 'its certificate is self-signed';

/** By the codes of X509_verify_cert_error_string(3) and of Node's sockets. */
const reasons: Readonly<Record<string, string>> = {
  UNABLE_TO_GET_ISSUER_CERT: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  DEPTH_ZERO_SELF_SIGNED_CERT: selfSigned,
  SELF_SIGNED_CERT_IN_CHAIN: selfSigned,
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  ECONNRESET: 'the server has closed the connection',
};
