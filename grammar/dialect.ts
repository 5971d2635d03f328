/**
 * `maddy`: 0.9.4. `madmail-0`: the Go fork, whose grammar is maddy's. `madmail-2`: the Rust rewrite, with a grammar of its
 * own (language section 16).
 */
export type Dialect = 'maddy' | 'madmail-0' | 'madmail-2';

export const dialects: readonly Dialect[] = ['maddy', 'madmail-0', 'madmail-2'];

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
