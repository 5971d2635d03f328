import { endOf, isQuoted, lex, type Range, startOf } from '../../grammar/index.ts';
import type { Code, Diagnostic, Fix, Place } from '../diagnostics/diagnostic.ts';
import { escapeSnippet, placeholder, plainText } from '../editor/snippet-text.ts';
import { ignoreWithoutReason, unknownIgnore, unusedIgnore } from '../settings/codes.ts';
import { lineIndexAt, type SourceFile } from '../source/source-file.ts';

export interface IgnoreFix extends Fix {
  /** The text of its one edit with a place for the reason, in snippet syntax. */
  readonly snippet: string;
}

/** Stands where an editor leaves no place to say why; nobody but the writer of the comment knows more. */
const usualReason = 'it is intended';

/** What is wrong with such comments is put right in them. */
const aboutComments: ReadonlySet<Code> = new Set([ignoreWithoutReason, unknownIgnore, unusedIgnore]);

/** Comments that silence findings of one moment: what several findings need of a text is found once. */
export class IgnoreFixes {
  readonly #quoted = new Map<SourceFile, readonly Range[]>();

  /** A comment above the line that silences the finding; null where none can do that. */
  of({ code, place }: Diagnostic): IgnoreFix | null {
    return place === null || this.#isInText(place) ? null : ignoreFix(code, place);
  }

  /** The line begins within a quoted text, and so would the comment. */
  #isInText({ file, range }: Place): boolean {
    const start = file.lineStarts[lineIndexAt(file, range.start)] ?? 0;
    let texts = this.#quoted.get(file);
    if (texts === undefined) {
      texts = quotedLines(file.text);
      this.#quoted.set(file, texts);
    }
    return texts.some((text) => text.start < start && start < text.end);
  }
}

/** Quoted texts that go over several lines. */
function quotedLines(text: string): readonly Range[] {
  return lex(text)
    .tokens.filter((token) => isQuoted(token) && token.image.includes('\n'))
    .map((token) => ({ start: startOf(token), end: endOf(token) }));
}

function ignoreFix(code: Code, { file, range }: Place): IgnoreFix | null {
  if (aboutComments.has(code)) return null;
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
