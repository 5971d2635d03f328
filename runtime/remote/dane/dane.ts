import type { X509Certificate } from 'node:crypto';
import type { TlsaRecord } from '../../dns/records.ts';
import type { Resolver } from '../../dns/resolver.ts';
import { ReplyError } from '../../module.ts';
import type { MxPolicy } from '../policy.ts';
import { clearTextResult, type TlsFinding, type TlsResult, type TlsSession } from '../tls-results.ts';
import { isUsable, matchesChain } from './certificate-match.ts';
import { findTlsaRecords } from './tlsa-records.ts';

/** `dane`: the certificate that DNS, proven by DNSSEC, says a server has (RFC 7672). */
export function dane(resolver: Resolver, now: () => number): MxPolicy {
  return {
    name: 'dane',
    forDomain: () => ({
      checkConnection: async ({ name }, security, { tls }) => {
        const records: readonly TlsaRecord[] = await findTlsaRecords(resolver, name);
        if (records.length === 0) return tls;
        // Records that cannot be used still promise TLS (RFC 7672 section 2.2).
        if (security === null) {
          const text = 'TLS is required but unsupported or failed (enforced by DANE)';
          throw new ReplyError({ code: 550, enhanced: '5.7.1', text });
        }
        const usable = records.filter(isUsable);
        if (usable.length === 0) return tls;
        if (matchesChain(usable, security.chain(), name, new Date(now()))) return 'authenticated';
        throw new ReplyError({ code: 550, enhanced: '5.7.0', text: 'No matching TLSA records' });
      },
      tlsFinding: ({ name }, session) => (session === null ? null : findingOf(resolver, name, session, now())),
    }),
  };
}

async function findingOf(
  resolver: Resolver,
  name: string,
  session: TlsSession,
  now: number,
): Promise<TlsFinding | null> {
  // Now: the connection may be given up meanwhile.
  const chain = session.security?.chain() ?? [];
  const records = await findTlsaRecords(resolver, name).catch(() => null);
  if (records === null) return { policy: 'tlsa', result: 'dnssec-invalid' };
  if (records.length === 0) return null;
  return { policy: 'tlsa', result: clearTextResult(session) ?? matchResult(records, chain, name, now) };
}

function matchResult(
  records: readonly TlsaRecord[],
  chain: readonly X509Certificate[],
  name: string,
  now: number,
): TlsResult {
  const usable = records.filter(isUsable);
  if (usable.length === 0) return 'tlsa-invalid';
  return matchesChain(usable, chain, name, new Date(now)) ? 'success' : 'validation-failure';
}
