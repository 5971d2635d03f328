import { endOf, isQuoted, type Token } from '../../grammar/tokens.ts';
import { escapeSnippet } from './snippet-text.ts';
import type { Suggestion } from './suggestion.ts';

/** End of the word that a suggestion takes the place of: braces that close nothing in it are none of it. */
export function endOfWord(token: Token, offset: number): number {
  if (isQuoted(token)) return endOf(token);
  const { image } = token;
  const braces = image.length - image.replace(/\}+$/, '').length;
  const surplus = image.split('}').length - image.split('{').length;
  return Math.max(offset, endOf(token) - Math.max(0, Math.min(braces, surplus)));
}

/** What stands behind the place up to the end of its line. */
export function restOfLine(text: string, offset: number): string {
  const end = text.indexOf('\n', offset);
  return text.slice(offset, end === -1 ? text.length : end).trimEnd();
}

/**
 * The suggestion so that what stands behind it on the line keeps its meaning: a `}` needs a line of its own, nothing may follow
 * the end of a block, and words must not run together.
 */
export function beforeRest(suggestion: Suggestion, rest: string, isNewDirective: boolean): Suggestion {
  if (rest === '') return suggestion;
  if (/^\s*\}/.test(rest)) return { ...suggestion, insert: `${suggestion.insert}\n` };
  const isTooMuch = suggestion.insert.includes('\n') || (isNewDirective && !/^\s*#/.test(rest));
  const insert = isTooMuch ? escapeSnippet(suggestion.label) : suggestion.insert;
  return { ...suggestion, insert: /^\s/.test(rest) ? insert : `${insert} ` };
}
