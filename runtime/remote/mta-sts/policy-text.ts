import { lookupDomain } from '../../../compiler/text/domain.ts';

/** RFC 8461 section 3.2. */
export interface StsPolicy {
  readonly mode: 'enforce' | 'testing' | 'none';
  /** Seconds. */
  readonly maxAge: number;
  /** Names of servers; `*.` stands for one label. */
  readonly mx: readonly string[];
}

/** About a year: nothing may count for longer (RFC 8461 section 3.2). */
const longestAge = 31_557_600;

/** The `id` of a record at `_mta-sts.DOMAIN` (RFC 8461 section 3.1); null when the records announce no policy. */
export function policyId(records: readonly string[]): string | null {
  const announcements = records.filter((record) => /^v=STSv1\s*(;|$)/.test(record));
  const [announcement = ''] = announcements;
  if (announcements.length !== 1) return null;
  const ids = announcement.split(';').flatMap((part) => /^id=([A-Za-z0-9]{1,32})$/.exec(part.trim())?.[1] ?? []);
  return ids.length === 1 ? (ids[0] ?? null) : null;
}

/** Throws with what is wrong with it. */
export function readPolicy(text: string): StsPolicy {
  const values = new Map<string, string>();
  const mx: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === '') continue;
    const colon = line.indexOf(':');
    if (colon === -1) throw new Error(`the policy has a line without a colon: ${JSON.stringify(line.slice(0, 80))}`);
    const key = line.slice(0, colon).trim();
    const value = line.slice(colon + 1).trim();
    if (key === 'mx') mx.push(value);
    // Of several the first counts.
    else if (!values.has(key)) values.set(key, value);
  }
  if (values.get('version') !== 'STSv1') throw new Error('the policy is not of version STSv1');
  const mode = values.get('mode');
  if (mode !== 'enforce' && mode !== 'testing' && mode !== 'none') throw new Error('the policy has no known mode');
  const age = values.get('max_age') ?? '';
  if (!/^\d{1,10}$/.test(age)) throw new Error('the policy has no max_age');
  if (mx.length === 0 && mode !== 'none') throw new Error('the policy names no server');
  return { mode, maxAge: Math.min(Number(age), longestAge), mx };
}

/** RFC 8461 section 4.1. */
export function namesServer({ mx }: StsPolicy, server: string): boolean {
  const name = lookupDomain(server);
  return (
    name !== null &&
    mx.some((pattern) => {
      const wanted = lookupDomain(pattern);
      if (wanted === null) return false;
      return wanted.startsWith('*.') ? name.slice(name.indexOf('.')) === wanted.slice(1) : name === wanted;
    })
  );
}
