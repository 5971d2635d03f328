import { isIPv6 } from 'node:net';
import type { DNSResolver } from 'mailauth';
import { NetworkSet } from '../../net/network-set.ts';

/** What a record says of a client, and by which kind of mechanism. */
export interface SpfMatch {
  /** In maddy's words: `ip` for ip4 and ip6; what was included has its own kind. */
  readonly kind: 'all' | 'ip' | 'a' | 'mx';
  readonly qualifier: string;
}

/** Who asks, and how many questions may still be asked. */
interface Asking {
  readonly client: string;
  readonly resolver: DNSResolver;
  left: number;
}

type Found = SpfMatch | 'no match' | 'cannot be told';

/** As many as the evaluation itself may have asked, the servers of MX records included (RFC 7208 section 4.6.4). */
const mostQuestions = 30;
const wholeAddress = 128;

/**
 * The mechanism that an evaluation ended with, found again in answers that are known by now: the library that evaluates does not
 * tell. Null where macros, `exists` or `ptr` stand before it, or DNS no longer says what it said.
 */
export async function matchedMechanism(
  record: string,
  domain: string,
  client: string,
  resolver: DNSResolver,
): Promise<SpfMatch | null> {
  try {
    const found = await searchRecord(record, domain, { client, resolver, left: mostQuestions });
    return typeof found === 'string' ? null : found;
  } catch {
    return null;
  }
}

async function searchRecord(record: string, domain: string, asking: Asking): Promise<Found> {
  let redirect: string | null = null;
  for (const term of record.split(' ').slice(1)) {
    const modifier = /^([a-z][\w.-]*)=(.*)$/i.exec(term);
    if (modifier?.[1]?.toLowerCase() === 'redirect') redirect = modifier[2] ?? '';
    if (modifier !== null || term === '') continue;
    const found = await searchTerm(term, domain, asking);
    if (found !== 'no match') return found;
  }
  return redirect === null ? 'no match' : searchAt(redirect, asking);
}

async function searchAt(domain: string, asking: Asking): Promise<Found> {
  if (domain.includes('%')) return 'cannot be told';
  const texts = await ask(domain, 'TXT', asking);
  const [record, ...others] = texts.map(textOf).filter((text) => /^v=spf1(?: |$)/i.test(text));
  return record === undefined || others.length > 0 ? 'cannot be told' : searchRecord(record, domain, asking);
}

async function searchTerm(term: string, domain: string, asking: Asking): Promise<Found> {
  const [, sign, name = '', target, network] = /^([-+~?]?)([a-z0-9]+)(?::([^/]*))?(\/.*)?$/i.exec(term) ?? [];
  const value = target ?? domain;
  if (value.includes('%')) return 'cannot be told';
  const match = (kind: SpfMatch['kind']): SpfMatch => ({ kind, qualifier: sign || '+' });
  const isClient = (addresses: readonly string[]): boolean => isAmong(addresses, network ?? '', asking.client);
  switch (name.toLowerCase()) {
    case 'all':
      return match('all');
    case 'ip4':
      return isClient([value]) ? match('ip') : 'no match';
    case 'ip6':
      return isAmong([value], `/${network ?? ''}`, asking.client) ? match('ip') : 'no match';
    case 'a':
      return isClient(await addressesOf(value, asking)) ? match('a') : 'no match';
    case 'mx':
      for (const server of await ask(value, 'MX', asking)) {
        if (isClient(await addressesOf(exchangeOf(server), asking))) return match('mx');
      }
      return 'no match';
    case 'include': {
      const inner = await searchAt(value, asking);
      if (typeof inner === 'string') return inner;
      return inner.qualifier === '+' ? match(inner.kind) : 'no match';
    }
    default:
      return 'cannot be told';
  }
}

/** `network`: empty, `/24`, `//64` or `/24//64` (RFC 7208 section 5.6). */
function isAmong(addresses: readonly string[], network: string, client: string): boolean {
  const [, bits4 = '', bits6 = ''] = /^(\/\d+)?(?:\/(\/\d+)?)?$/.exec(network) ?? [];
  const ownKind = addresses.filter((address) => isIPv6(address) === isIPv6(client));
  const bits = isIPv6(client) ? bits6 : bits4;
  return new NetworkSet(
    ownKind.map((address) => `${address}${bits}`),
    wholeAddress,
  ).has(client);
}

async function addressesOf(host: string, asking: Asking): Promise<readonly string[]> {
  return (await ask(host, isIPv6(asking.client) ? 'AAAA' : 'A', asking)).map(String);
}

/** What does not exist has no records; whatever else fails ends the search. */
async function ask(name: string, type: string, asking: Asking): Promise<readonly unknown[]> {
  if (asking.left-- <= 0) throw new Error('too many questions');
  try {
    const records: unknown = await asking.resolver(name, type);
    return Array.isArray(records) ? records : [];
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENODATA' || error.code === 'ENOTFOUND'))
      return [];
    throw error;
  }
}

function textOf(record: unknown): string {
  return Array.isArray(record) ? record.join('') : '';
}

function exchangeOf(record: unknown): string {
  return typeof record === 'object' && record !== null && 'exchange' in record ? String(record.exchange) : '';
}
