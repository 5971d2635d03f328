/** How maddyc itself is started, for cases that need a process. */
export interface Surroundings {
  readonly command: readonly [string, ...string[]];
  /** Of recorded routes: asked of `maddyc route`, or sent to a server that runs. */
  readonly routes?: 'static' | 'live';
}

/** Null when maddyc does what was recorded; otherwise expected and actual in a few words; or why it cannot be told yet. */
export type Outcome = string | null | { readonly pending: string };

/** A kind of recorded cases. A case is checked by itself and says what differs. */
export interface ConformanceKind {
  readonly name: string;
  /** Cases that may run at a time; one when absent. */
  readonly width?: number;
  /** Told by what the cases hold, else by the file's name. */
  recognises(fileName: string, cases: readonly unknown[]): boolean;
  /** Cases that start maddyc: too many for every run of the tests. CI runs them against the built package. */
  startsProcess?(recorded: unknown): boolean;
  check(recorded: unknown, surroundings: Surroundings): Outcome | Promise<Outcome>;
}

/** The cases of a file: a list, or an object with lists of cases beside what the cases share. */
export function casesIn(parsed: unknown): readonly unknown[] | null {
  if (Array.isArray(parsed)) return parsed;
  const cases = field(parsed, 'cases');
  if (!Array.isArray(cases)) return null;
  const fixtures = field(parsed, 'fixtures');
  if (isRecord(fixtures)) return cases.map((one) => (isRecord(one) ? { ...one, fixtures } : one));
  const commandLines = field(parsed, 'cli');
  return Array.isArray(commandLines) ? [...cases, ...commandLines, ...unitsIn(field(parsed, 'units'))] : cases;
}

function unitsIn(units: unknown): readonly unknown[] {
  if (!isRecord(units)) return [];
  return Object.entries(units).flatMap(([unit, rows]) =>
    (Array.isArray(rows) ? rows : []).map((row: unknown, at) => ({ name: `${unit} ${at}`, unit, row })),
  );
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
