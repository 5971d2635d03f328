import { isIPv6 } from 'node:net';
import type { Resolver } from '../dns/resolver.ts';
import { ipv6Groups } from '../dns/reverse-name.ts';
import type { Encryption, MessageContext } from '../module.ts';
import type { Macros } from './dialogue.ts';

/** What sendmail and Postfix call a client that has no name. */
const unknown = 'unknown';

/** With the connection: who serves, and who the client is. */
export async function connectionMacros(
  hostname: string,
  client: MessageContext['client'],
  resolver: Resolver,
): Promise<Macros> {
  const server = { j: hostname, v: 'maddyc', '{daemon_name}': 'maddyc', '{if_name}': unknown, '{if_addr}': '0.0.0.0' };
  const address = client?.address ?? null;
  if (client === null || address === null) return server;
  const pointer = await client.reverseName();
  const name = pointer !== null && (await leadsTo(pointer, address, resolver)) ? pointer : unknown;
  return {
    ...server,
    _: `${name} [${address}]`,
    '{client_name}': name,
    '{client_ptr}': pointer ?? unknown,
    '{client_addr}': isIPv6(address) ? `IPv6:${address}` : address,
    '{client_port}': String(client.port ?? 0),
  };
}

/** With HELO: the encryption, where there is one. Certificates of clients are not asked for. */
export function encryptionMacros(encryption: Encryption | null): Macros {
  if (encryption === null) return {};
  const { version, cipher } = encryption;
  return { '{tls_version}': `TLSv${version}`, '{cipher}': cipher, '{cipher_bits}': keyBits(cipher) };
}

/** With MAIL. */
export function senderMacros({ id, auth }: Pick<MessageContext, 'id' | 'auth'>, from: string): Macros {
  const login: Macros = auth === null ? {} : { '{auth_type}': auth.mechanism ?? '', '{auth_authen}': auth.user };
  return { i: id, ...login, '{mail_addr}': from };
}

/** With each RCPT. */
export function recipientMacros(to: string): Macros {
  return { '{rcpt_addr}': to };
}

/** A name that anybody can write into the PTR record of an address of theirs is a client's own only when it leads back. */
async function leadsTo(name: string, address: string, resolver: Resolver): Promise<boolean> {
  const answer = await resolver.lookup(isIPv6(address) ? 'AAAA' : 'A', name);
  return answer.kind === 'records' && answer.records.some((record) => sameAddress(record, address));
}

function sameAddress(one: string, other: string): boolean {
  return one === other || (isIPv6(one) && String(ipv6Groups(one)) === String(ipv6Groups(other)));
}

/** Bits of the key of a cipher suite by its IANA name; empty when the name does not tell. */
function keyBits(cipher: string): string {
  if (cipher.includes('CHACHA20')) return '256';
  return /_(128|256)_(?:GCM|CCM|CBC)/.exec(cipher)?.[1] ?? '';
}
