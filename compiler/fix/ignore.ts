import type { Diagnostic, Fix } from '../diagnostics/diagnostic.ts';
import { escapeSnippet, placeholder, plainText } from '../editor/snippet-text.ts';
import { lineIndexAt } from '../source/source-file.ts';

export interface IgnoreFix extends Fix {
  /** The text of its one edit with a place for the reason, in snippet syntax. */
  readonly snippet: string;
}

/** Stands where an editor leaves no place to say why; nobody but the writer of the comment knows more. */
const usualReason = 'it is intended';

/** A comment above the line that silences the finding; null for one that has no place. */
export function ignoreFix({ code, place }: Diagnostic): IgnoreFix | null {
  if (place === null) return null;
  const { file, range } = place;
  const start = file.lineStarts[lineIndexAt(file, range.start)] ?? 0;
  const indent = /^[\t ]*/.exec(file.text.slice(start, range.start))?.[0] ?? '';
  const snippet = `${escapeSnippet(`${indent}# maddyc-ignore ${code.code} `)}${placeholder(1, usualReason)}\n`;
  const title = `ignore ${code.code} here, and say why`;
  const edits = [{ file, range: { start, end: start }, text: plainText(snippet) }];
  return { title, safe: false, edits, snippet };
}
