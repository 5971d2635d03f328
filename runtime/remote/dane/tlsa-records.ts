import type { Answer, TlsaRecord } from '../../dns/records.ts';
import type { Resolver } from '../../dns/resolver.ts';
import { ReplyError } from '../../module.ts';

const mostAliases = 8;

/**
 * The records that say which certificate the host has (RFC 7672 section 2.2), empty when it does not say, or does not prove
 * it. Throws a temporary ReplyError when it cannot be told: an attacker must not be able to make them vanish.
 */
export async function findTlsaRecords(resolver: Resolver, host: string): Promise<readonly TlsaRecord[]> {
  const addresses = certain(await addressAnswer(resolver, host), host);
  const alias = await finalName(resolver, host);
  if (addresses.authenticated) {
    if (alias.name !== host) {
      const records = await recordsAt(resolver, alias.name);
      if (records.length > 0) return records;
    }
  } else if (alias.name === host || !alias.firstAuthenticated) return [];
  return recordsAt(resolver, host);
}

async function addressAnswer(resolver: Resolver, host: string): Promise<Answer<string>> {
  const answer = await resolver.lookup('A', host);
  return answer.kind === 'records' || answer.kind === 'failed' ? answer : resolver.lookup('AAAA', host);
}

/** Where aliases lead to. */
async function finalName(
  resolver: Resolver,
  host: string,
): Promise<{ readonly name: string; readonly firstAuthenticated: boolean }> {
  let name = host;
  let firstAuthenticated = false;
  for (let aliases = 0; aliases < mostAliases; aliases++) {
    const answer = certain(await resolver.lookup('CNAME', name), name);
    if (aliases === 0) firstAuthenticated = answer.authenticated;
    if (answer.kind !== 'records') break;
    [name] = answer.records;
  }
  return { name, firstAuthenticated };
}

/** The port is that of SMTP, whatever port a test uses. */
async function recordsAt(resolver: Resolver, host: string): Promise<readonly TlsaRecord[]> {
  const name = `_25._tcp.${host}`;
  const answer = certain(await resolver.lookup('TLSA', name), name);
  return answer.kind === 'records' && answer.authenticated ? answer.records : [];
}

function certain<Value>(answer: Answer<Value>, name: string): Exclude<Answer<Value>, { readonly kind: 'failed' }> {
  if (answer.kind !== 'failed') return answer;
  const text = 'DNS error during policy check';
  throw new ReplyError({ code: 451, enhanced: '4.7.0', text }, { reason: `DANE: ${answer.reason}`, name });
}
