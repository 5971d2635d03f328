import type { PolicySearch } from '../../dmarc/policy-search.ts';
import type { MessageHeader } from '../../module.ts';
import { findDmarcPolicy } from '../../pipeline/dmarc.ts';

/**
 * Whether the domain of the From field publishes a DMARC policy that asks for anything to be done (runtime-mta 13.1). False as
 * well where there is not exactly one author, or where DNS does not tell.
 */
export async function enforcesDmarc(header: MessageHeader, search: PolicySearch): Promise<boolean> {
  const { answer } = await findDmarcPolicy(header, search);
  return answer.kind === 'policy' && answer.disposition !== 'none';
}
