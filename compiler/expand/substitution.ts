import type { Budget } from './budget.ts';

/** Values of a macro, or undefined when there is none of that name. */
export type Lookup = (name: string) => readonly string[] | undefined;

export type Substitution =
  | { readonly ok: true; readonly text: string; readonly names: readonly string[] }
  | { readonly ok: false; readonly kind: 'list' | 'empty'; readonly name: string }
  | { readonly ok: false; readonly kind: 'budget' };

/** Name when the whole argument is one reference: it starts with `$(` and ends with `)`, whatever stands between. */
export function wholeReference(text: string): string | null {
  return text.startsWith('$(') && text.endsWith(')') ? text.slice(2, -1) : null;
}

export const hasReference = (text: string): boolean => text.includes('$(') && text.includes(')');

/** True when maddy would put something else in the text's place, whether or not such macros are defined. */
export const refersToMacros = (text: string): boolean =>
  wholeReference(text) !== null || (hasReference(text) && findReferences(text).length > 0);

interface Match {
  readonly start: number;
  readonly end: number;
  readonly name: string;
}

/** Matches of `\$\(([^$]+)\)`: up to the last `)` before the next `$`. By hand, since the expression goes back and forth. */
function findReferences(text: string): Match[] {
  const matches: Match[] = [];
  for (let start = text.indexOf('$('); start !== -1; ) {
    const next = text.indexOf('$', start + 1);
    const part = text.slice(start, next === -1 ? text.length : next);
    const close = part.lastIndexOf(')');
    if (close > 2) matches.push({ start, end: start + close + 1, name: part.slice(2, close) });
    start = next === -1 ? -1 : text.indexOf('$(', next);
  }
  return matches;
}

/** References inside a longer text, as maddy replaces them (language section 6, form B). */
export function substitute(text: string, lookup: Lookup, budget: Budget): Substitution {
  const matches = findReferences(text);
  const values = new Map<string, string>();
  for (const { name } of matches) {
    if (values.has(name)) continue;
    const found = lookup(name);
    if (found === undefined) values.set(name, '');
    else if (found.length > 1) return { ok: false, kind: 'list', name };
    else {
      const [value] = found;
      if (value === undefined) return { ok: false, kind: 'empty', name };
      values.set(name, value);
    }
  }
  const names = [...values.keys()];
  const result = isSinglePass(text, matches, values)
    ? replaceMatches(text, matches, values, budget)
    : replaceInTurn(text, values, budget);
  return result === null ? { ok: false, kind: 'budget' } : { ok: true, text: result, names };
}

/**
 * Replacing name after name everywhere is the same as replacing each match once, unless a value can form a new reference
 * with its surroundings or one name is the beginning of another.
 */
function isSinglePass(text: string, matches: readonly Match[], values: ReadonlyMap<string, string>): boolean {
  for (const [name, value] of values) {
    if (name.includes(')') || /[$()]/.test(value)) return false;
  }
  let end = 0;
  for (const match of matches) {
    if (text.slice(end, match.start).includes('$(')) return false;
    end = match.end;
  }
  return !text.slice(end).includes('$(');
}

function replaceMatches(
  text: string,
  matches: readonly Match[],
  values: ReadonlyMap<string, string>,
  budget: Budget,
): string | null {
  const parts: string[] = [];
  let end = 0;
  for (const match of matches) {
    const value = values.get(match.name) ?? '';
    if (!budget.takeCharacters(value.length + match.start - end)) return null;
    parts.push(text.slice(end, match.start), value);
    end = match.end;
  }
  parts.push(text.slice(end));
  return parts.join('');
}

/** Exactly as maddy: for each name in turn, all its occurrences in the text as it is by then. */
function replaceInTurn(text: string, values: ReadonlyMap<string, string>, budget: Budget): string | null {
  let current = text;
  for (const [name, value] of values) {
    if (!budget.takeCharacters(current.length)) return null;
    const parts = current.split(`$(${name})`);
    if (!budget.takeCharacters((parts.length - 1) * value.length)) return null;
    current = parts.join(value);
  }
  return current;
}

/** Cost of a step that rescans, so that a value that contains itself runs out of budget soon. */
const STEP_COST = 64;

/**
 * As Madmail 2 does it: names end at the first `)`, undefined references stay, values are read again
 * (language section 16, 7).
 */
export function substituteRescanning(text: string, lookup: Lookup, budget: Budget): Substitution {
  const names = new Set<string>();
  const parts: string[] = [];
  let rest = text;
  let at = 0;
  let close = -1;
  for (;;) {
    const start = rest.indexOf('$(', at);
    if (start === -1) break;
    if (close < start + 2) close = rest.indexOf(')', start + 2);
    if (close === -1) break;
    const name = rest.slice(start + 2, close);
    const found = name.length > LONGEST_RESCANNED_NAME ? undefined : lookup(name);
    if (found === undefined) {
      parts.push(rest.slice(at, start + 2));
      at = start + 2;
      continue;
    }
    if (found.length > 1) return { ok: false, kind: 'list', name };
    const value = found[0] ?? '';
    names.add(name);
    if (!budget.takeCharacters(value.length + STEP_COST)) return { ok: false, kind: 'budget' };
    parts.push(rest.slice(at, start));
    at = close + 1;
    if (!value.includes('$')) parts.push(value);
    else {
      if (!budget.takeCharacters(rest.length - at)) return { ok: false, kind: 'budget' };
      rest = value + rest.slice(at);
      at = 0;
      close = -1;
    }
  }
  parts.push(rest.slice(at));
  return { ok: true, text: parts.join(''), names: [...names] };
}

/** Longer names are not looked up: with many openings before one `)` that would cost the square of the length. */
const LONGEST_RESCANNED_NAME = 4096;
