import type { Resolver } from '../dns/resolver.ts';
import { organizationOf } from './organization.ts';
import { type Disposition, type DmarcRecord, readDmarcRecord } from './record.ts';

/** What the domain of the author wants to be done with mail that is not its own. */
export type PolicyAnswer =
  | { readonly kind: 'policy'; readonly record: DmarcRecord; readonly disposition: Disposition }
  | { readonly kind: 'none' }
  | { readonly kind: 'permerror' | 'temperror'; readonly reason: string };

/** `domain` in A-labels. As maddy finds it: by the Public Suffix List (runtime-mta 14.1). Never throws. */
export async function findPolicy(domain: string, resolver: Resolver): Promise<PolicyAnswer> {
  const own = await resolver.lookup('TXT', `_dmarc.${domain}`);
  const organization = organizationOf(domain);
  const isAbsent = own.kind === 'no-data' || own.kind === 'no-such-name';
  const inherits = isAbsent && organization !== null && organization !== domain;
  const answer = inherits ? await resolver.lookup('TXT', `_dmarc.${organization}`) : own;
  if (answer.kind === 'failed') return { kind: 'temperror', reason: answer.reason };
  if (answer.kind !== 'records') return { kind: 'none' };
  const [text, ...others] = answer.records.filter((record) => record.startsWith('v=DMARC1'));
  if (text === undefined || others.length > 0) return { kind: 'none' };
  const record = readDmarcRecord(text);
  if (typeof record === 'string') return { kind: 'permerror', reason: record };
  const disposition = (inherits ? record.subdomainPolicy : null) ?? record.policy;
  return { kind: 'policy', record, disposition };
}
