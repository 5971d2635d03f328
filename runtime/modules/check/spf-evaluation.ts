import type { DNSResolver } from 'mailauth';
import { spf } from 'mailauth/lib/spf/index.js';

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
  return { result, reason: reasonFor(result, rr ?? '', String(status.comment ?? '')) };
}

const qualifiers: Readonly<Record<string, string>> = { pass: '+', fail: '-', softfail: '~', neutral: '?' };

function isSpfResult(word: string): word is SpfResult {
  return Object.hasOwn(qualifiers, word) || ['none', 'temperror', 'permerror'].includes(word);
}

function reasonFor(result: SpfResult, record: string, comment: string): string {
  if (result === 'none') return 'no DNS record found';
  const qualifier = qualifiers[result];
  if (qualifier !== undefined) return matchedMechanism(record, qualifier);
  // `… in processing during lookup of SENDER: CAUSE`
  return /lookup of \S+: (.*)$/s.exec(comment)?.[1] ?? '';
}

/** Named only where a single kind of mechanism of the record can have given the result. */
function matchedMechanism(record: string, qualifier: string): string {
  const terms = record.split(/\s+/).slice(1);
  const kinds = new Set(
    terms
      .map((term) => /^([-+~?]?)(all|include|a|mx|ptr|ip[46]|exists)(?=[:/]|$)/i.exec(term))
      .filter((match) => match !== null && (match[1] || '+') === qualifier)
      .map((match) => match?.[2]?.toLowerCase().replace(/^ip[46]$/, 'ip')),
  );
  const [kind] = kinds;
  return kinds.size === 1 && kind !== undefined ? `matched ${kind}` : '';
}
