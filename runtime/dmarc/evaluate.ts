import { asciiDomain } from '../../compiler/text/domain.ts';
import type { MethodResult } from '../pipeline/authentication-results.ts';
import { organizationOf } from './organization.ts';
import type { DmarcRecord } from './record.ts';

export interface Evaluation {
  readonly value: 'none' | 'pass' | 'fail' | 'temperror';
  /** Empty: none is told. */
  readonly reason: string;
}

/** Whether what SPF and DKIM have proved is the author's own domain (RFC 7489 section 6.6.2, in the order of runtime-mta 14.2). */
export function evaluate(author: string, record: DmarcRecord, results: readonly MethodResult[]): Evaluation {
  const dkim = results.filter(({ method }) => method === 'dkim');
  const spf = results.filter(({ method }) => method === 'spf');
  if (dkim.length === 0 || spf.length === 0) {
    return { value: 'none', reason: 'Not enough information (required checks are disabled)' };
  }
  const signed = dkim.filter(({ properties }) => isAligned(author, properties['header.d'] ?? '', record.strictDkim));
  const sent = spf.filter(({ value, properties }) => {
    const identity = properties['smtp.mailfrom'] || properties['smtp.helo'];
    return value === 'pass' && isAligned(author, identity ?? '', record.strictSpf);
  });
  if (sent.length > 0 || signed.some(({ value }) => value === 'pass')) return { value: 'pass', reason: '' };
  if (signed.some(({ value }) => value === 'temperror')) {
    return { value: 'temperror', reason: 'DKIM authentication temp error' };
  }
  if (spf.some(({ value }) => value === 'temperror')) {
    return { value: 'temperror', reason: 'SPF authentication temp error' };
  }
  return { value: 'fail', reason: 'No aligned identifiers' };
}

function isAligned(author: string, identity: string, strict: boolean): boolean {
  const domain = asciiDomain(identity)?.toLowerCase().replace(/\.$/, '') ?? '';
  if (domain === author) return true;
  const organization = strict ? null : organizationOf(author);
  return organization !== null && organization === organizationOf(domain);
}
