import type { Code, Diagnostic, Fix } from '../diagnostics/diagnostic.ts';
import { escapeSnippet, placeholder, plainText } from '../editor/snippet-text.ts';
import { ignoreWithoutReason, unknownIgnore, unusedIgnore } from '../settings/codes.ts';
import { lineIndexAt } from '../source/source-file.ts';

export interface IgnoreFix extends Fix {
  /** The text of its one edit with a place for the reason, in snippet syntax. */
  readonly snippet: string;
}

/** Stands where an editor leaves no place to say why; nobody but the writer of the comment knows more. */
const usualReason = 'it is intended';

/** What is wrong with such comments is put right in them. */
const aboutComments: ReadonlySet<Code> = new Set([ignoreWithoutReason, unknownIgnore, unusedIgnore]);

/** A comment above the line that silences the finding; null where none can do that. */
export function ignoreFix({ code, place }: Diagnostic): IgnoreFix | null {
  if (place === null || aboutComments.has(code)) return null;
  const { file, range } = place;
  const line = lineIndexAt(file, range.start);
  const start = file.lineStarts[line] ?? 0;
  // A comment counts for the next line that holds a directive, and must not come between the parts of one.
  const ownLine = file.text.slice(start, file.lineStarts[line + 1]).trim();
  if (ownLine === '' || ownLine.startsWith('#')) return null;
  if (/\\[ \t\r]*\n$/.test(file.text.slice(0, start))) return null;
  const indent = /^[\t ]*/.exec(file.text.slice(start, range.start))?.[0] ?? '';
  const snippet = `${escapeSnippet(`${indent}# maddyc-ignore ${code.code} `)}${placeholder(1, usualReason)}\n`;
  const title = `ignore ${code.code} here, and say why`;
  const edits = [{ file, range: { start, end: start }, text: plainText(snippet) }];
  return { title, safe: false, edits, snippet };
}
