import type { MethodResult } from '../pipeline/authentication-results.ts';
import { domainKey } from './domain-key.ts';
import type { PolicySearch } from './policy-search.ts';
import type { DmarcRecord } from './record.ts';

export interface Evaluation {
  readonly value: 'none' | 'pass' | 'fail' | 'temperror';
  /** Empty: none is told. */
  readonly reason: string;
}

/** Whether what SPF and DKIM have proved is the author's own domain (RFC 7489 section 6.6.2, in the order of runtime-mta 14.2). */
export async function evaluate(
  author: string,
  record: DmarcRecord,
  results: readonly MethodResult[],
  search: PolicySearch,
): Promise<Evaluation> {
  const dkim = results.filter(({ method }) => method === 'dkim');
  const spf = results.filter(({ method }) => method === 'spf');
  if (dkim.length === 0 || spf.length === 0) {
    return { value: 'none', reason: 'Not enough information (required checks are disabled)' };
  }
  const isAligned = (result: MethodResult, strict: boolean): Promise<boolean> =>
    aligned(author, identityOf(result), strict, search);
  let unsure = false;
  for (const result of dkim) {
    if (result.value !== 'pass' && result.value !== 'temperror') continue;
    if (!(await isAligned(result, record.strictDkim))) continue;
    if (result.value === 'pass') return { value: 'pass', reason: '' };
    unsure = true;
  }
  for (const result of spf) {
    if (result.value === 'pass' && (await isAligned(result, record.strictSpf))) return { value: 'pass', reason: '' };
  }
  if (unsure) return { value: 'temperror', reason: 'DKIM authentication temp error' };
  if (spf.some(({ value }) => value === 'temperror')) {
    return { value: 'temperror', reason: 'SPF authentication temp error' };
  }
  return { value: 'fail', reason: 'No aligned identifiers' };
}

/** Which of both methods have proved the author's domain; either is enough (RFC 7489 section 3.1). */
export async function alignmentOf(
  author: string,
  record: DmarcRecord,
  results: readonly MethodResult[],
  search: PolicySearch,
): Promise<{ readonly dkim: boolean; readonly spf: boolean }> {
  const proves = async (method: 'dkim' | 'spf', strict: boolean): Promise<boolean> => {
    for (const result of results) {
      if (result.method !== method || result.value !== 'pass') continue;
      if (await aligned(author, identityOf(result), strict, search)) return true;
    }
    return false;
  };
  return { dkim: await proves('dkim', record.strictDkim), spf: await proves('spf', record.strictSpf) };
}

/** The domain that a result speaks for. */
function identityOf({ method, properties }: MethodResult): string {
  if (method === 'dkim') return properties['header.d'] ?? '';
  return properties['smtp.mailfrom'] || (properties['smtp.helo'] ?? '');
}

async function aligned(author: string, identity: string, strict: boolean, search: PolicySearch): Promise<boolean> {
  const domain = domainKey(identity);
  if (domain === author) return true;
  if (strict || domain === null) return false;
  const organization = await search.organizationOf(author);
  return organization !== null && organization === (await search.organizationOf(domain));
}
