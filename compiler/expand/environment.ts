/** `{env:NAME}` in arguments (language section 9). */

export interface EnvironmentUse {
  readonly text: string;
  /** Names that were replaced or removed, in order. */
  readonly names: readonly string[];
}

const OPENING = '{env:';

export const hasEnvironment = (text: string): boolean => text.includes(OPENING);

/**
 * As maddy: set variables are replaced in one pass; then everything from `{env:` to the last `}` before the next `$`
 * is removed, which takes more than it should when two references in one argument are unset.
 */
export function replaceEnvironment(text: string, env: ReadonlyMap<string, string>): EnvironmentUse {
  const names: string[] = [];
  const replaced = replaceSet(text, env, names);
  return { text: removeUnset(replaced, names), names };
}

function replaceSet(text: string, env: ReadonlyMap<string, string>, names: string[]): string {
  const oddNames = [...env.keys()].filter((name) => name.includes('}'));
  const parts: string[] = [];
  let at = 0;
  for (let start = text.indexOf(OPENING); start !== -1; start = text.indexOf(OPENING, start)) {
    const nameStart = start + OPENING.length;
    const name = setNameAt(text, nameStart, env, oddNames);
    const value = name === null ? undefined : env.get(name);
    if (name === null || value === undefined) {
      start = nameStart;
      continue;
    }
    names.push(name);
    parts.push(text.slice(at, start), value);
    at = nameStart + name.length + 1;
    start = at;
  }
  parts.push(text.slice(at));
  return parts.join('');
}

/** Names with a `}` in them are legal for the system; they are tried after the plain reading. */
function setNameAt(
  text: string,
  start: number,
  env: ReadonlyMap<string, string>,
  oddNames: readonly string[],
): string | null {
  const name = nameUpToBrace(text, start);
  if (name !== null && name !== '' && env.has(name)) return name;
  return oddNames.find((odd) => text.startsWith(`${odd}}`, start)) ?? null;
}

/** No system has longer variable names in use; without a bound, many openings before one `}` would cost the square. */
const LONGEST_NAME = 4096;

function nameUpToBrace(text: string, start: number): string | null {
  const part = text.slice(start, start + LONGEST_NAME);
  const end = part.indexOf('}');
  return end === -1 ? null : part.slice(0, end);
}

/** Removes every match of `\{env:([^$]+)\}`, greedy. */
function removeUnset(text: string, names: string[]): string {
  const parts: string[] = [];
  let at = 0;
  let segmentEnd = -1;
  let lastBrace = -1;
  for (let start = text.indexOf(OPENING); start !== -1; start = text.indexOf(OPENING, Math.max(at, start + 1))) {
    if (start >= segmentEnd) {
      const dollar = text.indexOf('$', start);
      segmentEnd = dollar === -1 ? text.length : dollar;
      const brace = text.slice(start, segmentEnd).lastIndexOf('}');
      lastBrace = brace === -1 ? -1 : start + brace;
    }
    if (lastBrace < start + OPENING.length + 1) continue;
    names.push(nameUpToBrace(text, start + OPENING.length) ?? '');
    parts.push(text.slice(at, start));
    at = lastBrace + 1;
  }
  parts.push(text.slice(at));
  return parts.join('');
}

/**
 * As Madmail 2: to the first `}`, unset and nameless ones are empty, values are read again. Null when values refer to each
 * other without end, where Madmail hangs.
 */
export function replaceEnvironmentRescanning(text: string, env: ReadonlyMap<string, string>): EnvironmentUse | null {
  const names: string[] = [];
  const parts: string[] = [];
  let rest = text;
  let at = 0;
  let growth = 0;
  for (;;) {
    const start = rest.indexOf(OPENING, at);
    const end = start === -1 ? -1 : rest.indexOf('}', start);
    if (end === -1) break;
    const name = rest.slice(start + OPENING.length, end);
    const value = env.get(name) ?? '';
    names.push(name);
    parts.push(rest.slice(at, start));
    at = end + 1;
    if (!value.includes('{')) parts.push(value);
    else {
      growth += value.length + rest.length - at;
      if (growth > LARGEST_RESCAN) return null;
      rest = value + rest.slice(at);
      at = 0;
    }
  }
  parts.push(rest.slice(at));
  return { text: parts.join(''), names };
}

const LARGEST_RESCAN = 16 * 1024 * 1024;
