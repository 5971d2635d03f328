/**
 * `maddy`: 0.9.4. `madmail-0`: the Go fork, whose grammar is maddy's. `madmail-2`: the Rust rewrite, with a grammar of its
 * own (language section 16).
 */
export type Dialect = 'maddy' | 'madmail-0' | 'madmail-2';

export const dialects: readonly Dialect[] = ['maddy', 'madmail-0', 'madmail-2'];

/** Whether `import` and snippets mean something in it. */
export function hasImports(dialect: Dialect): boolean {
  return dialect !== 'madmail-2';
}

/** Dialect of that name; `madmail` is the current one. */
export function dialectNamed(name: string): Dialect | null {
  if (name === 'madmail') return 'madmail-2';
  return dialects.find((dialect) => dialect === name) ?? null;
}

/** `# maddyc: dialect=NAME` on the first line of the main file; null without it or with an unknown name. */
export function dialectOfComment(text: string): Dialect | null {
  const end = text.indexOf('\n');
  const line = end === -1 ? text : text.slice(0, end);
  const name = /^\uFEFF?\s*#\s*maddyc:(?:.*\s)?dialect=([\w-]+)/.exec(line)?.[1];
  return name === undefined ? null : dialectNamed(name);
}

/**
 * The dialect that knows the most of the names a file uses, by what is known of each (null: not known at all). maddy when
 * nothing speaks against it, else the current Madmail, else the older one.
 */
export function detectDialect(
  names: Iterable<string>,
  dialectsOf: (name: string) => readonly Dialect[] | null,
): Dialect {
  const votes = new Map<Dialect, number>([
    ['maddy', 0],
    ['madmail-2', 0],
    ['madmail-0', 0],
  ]);
  for (const name of new Set(names)) {
    for (const dialect of dialectsOf(name) ?? []) votes.set(dialect, (votes.get(dialect) ?? 0) + 1);
  }
  let best: Dialect = 'maddy';
  for (const [dialect, count] of votes) if (count > (votes.get(best) ?? 0)) best = dialect;
  return best;
}
