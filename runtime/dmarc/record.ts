import { readTagList } from '../dkim/tag-list.ts';

export const dispositions = ['none', 'quarantine', 'reject'] as const;
export type Disposition = (typeof dispositions)[number];

/** A published policy (RFC 7489 section 6.3). */
export interface DmarcRecord {
  readonly policy: Disposition;
  /** For subdomains, where they have one of their own. */
  readonly subdomainPolicy: Disposition | null;
  readonly strictDkim: boolean;
  readonly strictSpf: boolean;
  /** Of failing messages, to how many the policy applies. */
  readonly percent: number;
}

/** The faults are told in maddy's words. */
export function readDmarcRecord(text: string): DmarcRecord | string {
  const tags = readTagList(text);
  if (typeof tags === 'string') return `dmarc: malformed record: ${tags}`;
  const invalid = (name: string): string => `dmarc: invalid policy for parameter '${name}'`;
  const policy = tags.get('p');
  if (policy === undefined) return "dmarc: record is missing a 'p' parameter";
  const subdomainPolicy = tags.get('sp') ?? null;
  if (!isDisposition(policy)) return invalid('p');
  if (subdomainPolicy !== null && !isDisposition(subdomainPolicy)) return invalid('sp');
  const dkim = tags.get('adkim') ?? 'r';
  const spf = tags.get('aspf') ?? 'r';
  for (const [name, mode] of [
    ['adkim', dkim],
    ['aspf', spf],
  ]) {
    if (mode !== 'r' && mode !== 's') return `dmarc: invalid alignment mode for parameter '${name}'`;
  }
  const percent = tags.get('pct') ?? '100';
  if (!/^[0-9]{1,3}$/.test(percent) || Number(percent) > 100) return "dmarc: invalid value for parameter 'pct'";
  return { policy, subdomainPolicy, strictDkim: dkim === 's', strictSpf: spf === 's', percent: Number(percent) };
}

function isDisposition(word: string): word is Disposition {
  return dispositions.some((known) => known === word);
}
