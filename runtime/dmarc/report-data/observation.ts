import type { MethodResult } from '../../pipeline/authentication-results.ts';
import type { DmarcDecision, DmarcPolicy } from '../../pipeline/dmarc.ts';
import { alignmentOf } from '../evaluate.ts';
import type { PolicySearch } from '../policy-search.ts';
import type { Disposition } from '../record.ts';
import { type PublishedPolicy, publishedPolicy } from './published-policy.ts';

/** One result of a method as reports tell it (RFC 7489 appendix C, AuthResultType). */
export type ReportedResult =
  | { readonly method: 'dkim'; readonly domain: string; readonly selector: string; readonly result: string }
  | {
      readonly method: 'spf';
      readonly domain: string;
      readonly scope: 'mfrom' | 'helo';
      readonly result: string;
    };

/** What a report says about a message; messages that are alike are one row with a count. */
export interface Observation {
  readonly published: PublishedPolicy;
  readonly source: string;
  /** Domains, in A-labels; `envelopeFrom` is empty for bounces. */
  readonly headerFrom: string;
  readonly envelopeFrom: string;
  readonly disposition: Disposition;
  /** Why it is milder than the policy. */
  readonly override: 'sampled_out' | null;
  readonly dkimAligned: boolean;
  readonly spfAligned: boolean;
  readonly results: readonly ReportedResult[];
}

/** What of a message a report needs. */
export interface JudgedMessage {
  readonly policy: DmarcPolicy;
  readonly decision: DmarcDecision;
  readonly results: readonly MethodResult[];
  /** Null for unix sockets and mail that is made here. */
  readonly source: string | null;
  readonly envelopeFrom: string;
}

/**
 * Null for a message that no report mentions: its author's domain has no policy, it came over no network, or nobody could say what it
 * is, in which case it comes again.
 */
export async function observe(message: JudgedMessage, search: PolicySearch): Promise<Observation | null> {
  const { policy, decision, results, source } = message;
  const { author, answer } = policy;
  if (source === null || author === null || answer.kind !== 'policy') return null;
  const verdict = decision.result.value;
  if (verdict !== 'pass' && verdict !== 'fail') return null;
  const reported = results.flatMap(reportedResult);
  const aligned = await alignmentOf(author.domain, answer.record, results, search);
  const isMilder = verdict === 'fail' && decision.disposition !== answer.disposition;
  const headerFrom = shortDomain(author.domain);
  const published = publishedPolicy(answer);
  if (headerFrom === null || published === null) return null;
  return {
    published,
    source,
    headerFrom,
    envelopeFrom: shortDomain(message.envelopeFrom.slice(message.envelopeFrom.lastIndexOf('@') + 1)) ?? '',
    disposition: decision.disposition,
    override: isMilder ? 'sampled_out' : null,
    dkimAligned: aligned.dkim,
    spfAligned: aligned.spf,
    results: reported,
  };
}

/** None for a message without a signature, and for names that no domain has. */
function reportedResult({ method, value, properties, selector }: MethodResult): readonly ReportedResult[] {
  if (method === 'dkim') {
    const domain = shortDomain(properties['header.d'] ?? '');
    if (value === 'none' || domain === null || domain === '') return [];
    return [{ method, domain, selector: shortDomain(selector ?? '') ?? '', result: value }];
  }
  if (method !== 'spf') return [];
  const sender = properties['smtp.mailfrom'] ?? '';
  const domain = shortDomain(sender === '' ? (properties['smtp.helo'] ?? '') : sender);
  return domain === null ? [] : [{ method, domain, scope: sender === '' ? 'helo' : 'mfrom', result: value }];
}

const longestDomain = 253;

/** Clients choose these names: what DNS could not hold is not written down. */
function shortDomain(name: string): string | null {
  return name.length > longestDomain || /[\s\0-\x1f\x7f]/.test(name) ? null : name.toLowerCase();
}
