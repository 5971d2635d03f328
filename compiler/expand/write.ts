import { isSpace } from '../../grammar/characters.ts';
import { NESTING_LIMIT } from '../../grammar/structure.ts';
import type { Origin } from '../source/origin.ts';
import type { ExpandedDirective } from './expanded.ts';
import { refersToMacros } from './substitution.ts';

/** A value that no text of the language stands for. */
export interface Unwritable {
  readonly value: string;
  readonly reason: string;
  readonly origin: Origin;
}

export interface WrittenConfiguration {
  /** Valid configuration text without macros, snippets and imports. */
  readonly text: string;
  /** Values that read differently than they are, since macros or the environment made what cannot be written. */
  readonly unwritable: readonly Unwritable[];
}

const INDENT = '    ';

/** The effective configuration as text. Reading it gives the same directives again. */
export function writeConfiguration(directives: readonly ExpandedDirective[]): WrittenConfiguration {
  const lines: string[] = [];
  const unwritable: Unwritable[] = [];
  writeBlock(directives, 0, lines, unwritable);
  return { text: lines.length === 0 ? '' : `${lines.join('\n')}\n`, unwritable };
}

/** The first line of a directive, without its block. */
export function writtenDirective({ name, args }: ExpandedDirective): string {
  return [name, ...args.map(({ value }) => writtenValue(value))].join(' ');
}

function writeBlock(
  directives: readonly ExpandedDirective[],
  depth: number,
  lines: string[],
  unwritable: Unwritable[],
): void {
  for (const { name, args, block, origin } of directives) {
    const words = args.map(({ value, origin: place }, index) => {
      const reason = reasonAgainst(value, index === args.length - 1);
      if (reason !== null) unwritable.push({ value, reason, origin: place });
      return writtenValue(value);
    });
    const head = INDENT.repeat(depth) + [name, ...words].join(' ');
    if (block === null) lines.push(head);
    else if (block.length === 0) lines.push(`${head} { }`);
    else {
      if (depth === NESTING_LIMIT) unwritable.push({ value: name, reason: 'it is nested too deep', origin });
      lines.push(`${head} {`);
      writeBlock(block, depth + 1, lines, unwritable);
      lines.push(`${INDENT.repeat(depth)}}`);
    }
  }
}

function canBeWord(value: string): boolean {
  if (value === '' || value.startsWith('"')) return false;
  for (let at = 0; at < value.length; at += 1) {
    const code = value.charCodeAt(at);
    if (isSpace(code) || code === 0x23) return false;
  }
  return !value.startsWith('\ufeff');
}

/** Without quotes where it reads the same and looks harmless, or where it cannot be written otherwise. */
function writtenValue(value: string): string {
  if (canBeWord(value) && (!/["'\\{};]/.test(value.replace(/\{env:[^{}]*\}/g, '')) || !canBeQuoted(value)))
    return value;
  return `"${value.replaceAll('"', '\\"')}"`;
}

/** In quotes, a backslash takes the character after it along: an odd run of them cannot stand before a quote or the end. */
function canBeQuoted(value: string): boolean {
  let run = 0;
  for (const character of `${value}"`) {
    if (character === '"' && run % 2 === 1) return false;
    run = character === '\\' ? run + 1 : 0;
  }
  return true;
}

function reasonAgainst(value: string, isLast: boolean): string | null {
  if (value === '{') return 'a lone "{" always opens a block';
  if (value === '}' && isLast) return 'a lone "}" at the end of a line always closes a block';
  if (value === '\\' && isLast) return 'a lone "\\" at the end of a line always joins the next one';
  if (refersToMacros(value)) return 'it looks like a macro reference';
  return canBeQuoted(value) || canBeWord(value) ? null : 'it has blanks and backslashes that no quotes can hold';
}
