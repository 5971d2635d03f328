import { readTagList } from '../dkim/tag-list.ts';

const dispositions = ['none', 'quarantine', 'reject'] as const;
export type Disposition = (typeof dispositions)[number];

/** A published policy (RFC 7489 section 6.3, RFC 9989 section 4.7). */
export interface DmarcRecord {
  readonly policy: Disposition;
  /** For subdomains, where they have one of their own. */
  readonly subdomainPolicy: Disposition | null;
  /** For subdomains that do not exist. */
  readonly absentPolicy: Disposition | null;
  readonly strictDkim: boolean;
  readonly strictSpf: boolean;
  /** Of failing messages, to how many the policy applies; of old records. */
  readonly percent: number;
  /** Whether the domain is a public suffix: it says yes or no, or nothing. */
  readonly isSuffix: boolean | null;
  /** The domain only tries its policy out; of new records. */
  readonly isTrial: boolean;
}

/** Used by nobody here, but one that is wrong spoils the record as it does for maddy (runtime-mta 14.1). */
const aboutReports: readonly (readonly [tag: string, form: RegExp])[] = [
  ['fo', /^([01ds](\s*:\s*[01ds])*)?$/],
  ['rf', /^((afrf|iodef)(\s*:\s*(afrf|iodef))*)?$/],
  ['ri', /^(0*[1-9][0-9]*)?$/],
];

/** The faults are told in maddy's words. */
export function readDmarcRecord(text: string): DmarcRecord | string {
  const tags = readTagList(text);
  if (typeof tags === 'string') return `dmarc: malformed record: ${tags}`;
  const policy = tags.get('p');
  if (policy === undefined) return "dmarc: record is missing a 'p' parameter";
  if (!isDisposition(policy)) return "dmarc: invalid policy for parameter 'p'";
  const subdomainPolicy = tags.get('sp') ?? null;
  if (subdomainPolicy !== null && !isDisposition(subdomainPolicy)) return "dmarc: invalid policy for parameter 'sp'";
  const dkim = tags.get('adkim') ?? 'r';
  if (!isAlignmentMode(dkim)) return "dmarc: invalid alignment mode for parameter 'adkim'";
  const spf = tags.get('aspf') ?? 'r';
  if (!isAlignmentMode(spf)) return "dmarc: invalid alignment mode for parameter 'aspf'";
  const percent = tags.get('pct') ?? '100';
  if (!/^[0-9]{1,3}$/.test(percent) || Number(percent) > 100) return "dmarc: invalid value for parameter 'pct'";
  for (const [name, form] of aboutReports) {
    if (!form.test(tags.get(name) ?? '')) return `dmarc: invalid value for parameter '${name}'`;
  }
  const absentPolicy = tags.get('np') ?? '';
  const suffix = tags.get('psd');
  return {
    policy,
    subdomainPolicy,
    // Tags that maddy does not know must not spoil a record for it.
    absentPolicy: isDisposition(absentPolicy) ? absentPolicy : null,
    strictDkim: dkim === 's',
    strictSpf: spf === 's',
    percent: Number(percent),
    isSuffix: suffix === 'y' ? true : suffix === 'n' ? false : null,
    isTrial: tags.get('t') === 'y',
  };
}

/** Of the records at a name those that are policies; several are none (RFC 7489 section 6.6.3). */
export function policyRecord(records: readonly string[]): string | null {
  const [text, ...others] = records.filter((record) => record.startsWith('v=DMARC1'));
  return text === undefined || others.length > 0 ? null : text;
}

function isDisposition(word: string): word is Disposition {
  return dispositions.some((known) => known === word);
}

function isAlignmentMode(word: string): boolean {
  return word === 'r' || word === 's';
}
