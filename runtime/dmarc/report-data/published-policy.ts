import { readTagList } from '../../dkim/tag-list.ts';
import type { PolicyAnswer } from '../policy-search.ts';
import type { Disposition } from '../record.ts';

/** A policy as reports quote it (RFC 7489 appendix C, PolicyPublishedType), and where its domain wants them. */
export interface PublishedPolicy {
  readonly domain: string;
  readonly adkim: 'r' | 's';
  readonly aspf: 'r' | 's';
  readonly p: Disposition;
  readonly sp: Disposition;
  readonly pct: number;
  readonly fo: string;
  /** Addresses of `rua=`, as URIs. */
  readonly rua: readonly string[];
}

const mostAddresses = 10;
const longestAddress = 320;
const longestOptions = 32;

/** Null when the record cannot be read again, which cannot be for one that was applied. */
export function publishedPolicy(answer: Extract<PolicyAnswer, { kind: 'policy' }>): PublishedPolicy | null {
  const { record, publisher, text } = answer;
  const tags = readTagList(text);
  if (typeof tags === 'string') return null;
  const options = tags.get('fo') ?? '';
  const addresses = (tags.get('rua') ?? '').split(',').map((address) => address.trim());
  return {
    domain: publisher,
    adkim: record.strictDkim ? 's' : 'r',
    aspf: record.strictSpf ? 's' : 'r',
    p: record.policy,
    sp: record.subdomainPolicy ?? record.policy,
    pct: answer.percent,
    fo: /^[01ds](:[01ds])*$/.test(options) && options.length <= longestOptions ? options : '0',
    rua: addresses
      .filter((address) => address.length <= longestAddress && /^[a-z]+:[\x21-\x7e]+$/i.test(address))
      .slice(0, mostAddresses),
  };
}
