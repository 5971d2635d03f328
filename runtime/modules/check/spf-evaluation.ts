import type { DNSResolver } from 'mailauth';
import { spf } from 'mailauth/lib/spf/index.js';
import { matchedMechanism } from './spf-mechanism.ts';

export type SpfResult = 'none' | 'neutral' | 'pass' | 'fail' | 'softfail' | 'temperror' | 'permerror';

export interface SpfIdentity {
  /** MAIL FROM with its domain in A-labels; empty for the null sender, whose identity is the HELO name. */
  readonly sender: string;
  readonly address: string;
  readonly helo: string;
}

export interface SpfEvaluation {
  readonly result: SpfResult;
  /** What led to it; empty when that cannot be told. */
  readonly reason: string;
}

/** RFC 7208 section 4.6.4 allows no less than 20 seconds, but the client is waiting. */
const longestEvaluation = 15_000;

/** check_host() of RFC 7208 section 4. Never throws. */
export async function evaluateSpf(identity: SpfIdentity, resolver: DNSResolver): Promise<SpfEvaluation> {
  const { sender, address, helo } = identity;
  const { status, rr } = await spf({
    sender,
    ip: address,
    helo,
    mta: 'localhost',
    resolver,
    strict: true,
    maxElapsedTime: longestEvaluation,
  });
  const { result } = status;
  if (!isSpfResult(result)) return { result: 'temperror', reason: `unknown result ${result}` };
  const qualifier = qualifiers[result];
  if (qualifier === undefined) return { result, reason: reasonFor(result, String(status.comment ?? '')) };
  const domain = sender === '' ? helo : sender.slice(sender.lastIndexOf('@') + 1);
  const match = await matchedMechanism(rr ?? '', domain, address, resolver);
  return { result, reason: match?.qualifier === qualifier ? `matched ${match.kind}` : '' };
}

const qualifiers: Readonly<Record<string, string>> = { pass: '+', fail: '-', softfail: '~', neutral: '?' };

function isSpfResult(word: string): word is SpfResult {
  return Object.hasOwn(qualifiers, word) || ['none', 'temperror', 'permerror'].includes(word);
}

function reasonFor(result: SpfResult, comment: string): string {
  if (result === 'none') return 'no DNS record found';
  // `… in processing during lookup of SENDER: CAUSE`
  const cause = /lookup of \S+: (.*)$/s.exec(comment)?.[1] ?? '';
  return recordFaults.find(([theirs]) => theirs.test(cause))?.[1] ?? cause;
}

/** What is wrong with a record, in the library's words and in maddy's (runtime-mta 13.1). */
const recordFaults: readonly (readonly [RegExp, string])[] = [
  [/^multiple SPF records/, 'multiple matching DNS records'],
  [/^Unknown (mechanism|modifier)/, 'unknown field'],
  [/^Too many void DNS/, 'void lookup limit reached'],
  [/^Too many DNS/, 'lookup limit reached'],
  [/macro/, 'invalid macro'],
  [/^invalid CIDR for IP|^invalid cidr/, 'invalid mask'],
  [/^(invalid|bare) IP address/, 'invalid ipX value'],
  [/^(Invalid (domain|include|redirect)|invalid domain)/, 'invalid domain'],
];
