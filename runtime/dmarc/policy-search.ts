import type { Disposition, DmarcRecord } from './record.ts';

/** What the domain of the author wants to be done with mail that is not its own. */
export type PolicyAnswer =
  | {
      readonly kind: 'policy';
      readonly record: DmarcRecord;
      /** Where it was found, and its text. */
      readonly publisher: string;
      readonly text: string;
      readonly disposition: Disposition;
      /** Of failing messages, to how many the policy applies. */
      readonly percent: number;
    }
  | { readonly kind: 'none' }
  | { readonly kind: 'permerror' | 'temperror'; readonly reason: string };

/** How policies and organisations of domains are found. Domains are A-labels in lower case. Methods never throw. */
export interface PolicySearch {
  policyOf(domain: string): Promise<PolicyAnswer>;
  /** Null: it has none, only equal domains are aligned with it. */
  organizationOf(domain: string): Promise<string | null>;
}
