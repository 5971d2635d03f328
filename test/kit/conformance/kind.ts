/** A kind of recorded cases. A case is checked by itself and says what differs. */
export interface ConformanceKind {
  readonly name: string;
  /** Told by what the cases hold, else by the file's name. */
  recognises(fileName: string, cases: readonly unknown[]): boolean;
  /** Null when maddyc does what was recorded; otherwise expected and actual in a few words. */
  check(recorded: unknown): string | null;
}

/** The cases of a file: a list, or one in an object beside the fixtures that the cases share. */
export function casesIn(parsed: unknown): readonly unknown[] | null {
  if (Array.isArray(parsed)) return parsed;
  const cases = field(parsed, 'cases');
  const fixtures = field(parsed, 'fixtures');
  return Array.isArray(cases) && isRecord(fixtures)
    ? cases.map((one) => (isRecord(one) ? { ...one, fixtures } : one))
    : null;
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const field = (value: unknown, name: string): unknown => (isRecord(value) ? value[name] : undefined);

/** JSON without regard to the order of keys. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isRecord(value)) return JSON.stringify(value) ?? 'undefined';
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`;
}

/** Null when equal; else both, shortened to where they part. */
export function difference(expected: unknown, actual: unknown): string | null {
  const wanted = canonical(expected);
  const got = canonical(actual);
  if (wanted === got) return null;
  let at = 0;
  while (wanted[at] === got[at]) at += 1;
  const from = Math.max(0, at - 40);
  return `expected …${wanted.slice(from, at + 80)} got …${got.slice(from, at + 80)}`;
}
