import { findCode } from '../diagnostics/codes.ts';
import { diagnose } from '../diagnostics/diagnose.ts';
import type { Code, Diagnostic, Fix, Place } from '../diagnostics/diagnostic.ts';
import type { Comment, ExpandedSource } from '../expand/expand.ts';
import { wholeLine } from '../fix/whole-line.ts';
import { lineIndexAt, type SourceFile } from '../source/source-file.ts';
import { ignoreWithoutReason, unknownIgnore, unusedIgnore } from './codes.ts';

/** `# maddyc-ignore CODE[,CODE…] why`, for a line; `# maddyc-ignore-file …` above the first directive, for the file. */
interface IgnoreComment {
  readonly file: SourceFile;
  readonly comment: Comment;
  /** Index of the line that it counts for; null: the whole file. */
  readonly line: number | null;
  readonly words: readonly { readonly text: string; readonly start: number }[];
  readonly reason: string;
}

export interface IgnoreInput {
  readonly sources: readonly ExpandedSource[];
  readonly diagnostics: readonly Diagnostic[];
  /** Not shown now, but with other options: ignoring them is of use. */
  readonly hidden: readonly Diagnostic[];
  /** Codes whose rules have not run, so that nothing is known about them. */
  readonly unasked: ReadonlySet<string>;
  /** These stay: nobody can load the configuration. */
  readonly fatal: ReadonlySet<Diagnostic>;
}

/** The findings without those that comments ignore, and what is wrong with the comments. */
export function applyIgnoreComments(input: IgnoreInput): readonly Diagnostic[] {
  const comments = input.sources.flatMap(ignoreCommentsIn);
  if (comments.length === 0) return input.diagnostics;
  const ignored = new Set<Diagnostic>();
  const found = new FoundDiagnostics(input.diagnostics);
  const hidden = new FoundDiagnostics(input.hidden);
  const faults = comments.flatMap((comment) => judge(comment, { ...input, found, hidden }, ignored));
  return [...input.diagnostics.filter((each) => !ignored.has(each)), ...faults];
}

const form = /^#\s*maddyc-ignore(-file)?(?![\w-])[ \t:]*/;

/** By code and place: a file may hold as many comments as findings. */
class FoundDiagnostics {
  readonly #byPlace = new Map<SourceFile, Map<string, Diagnostic[]>>();

  constructor(diagnostics: readonly Diagnostic[]) {
    for (const each of diagnostics) {
      if (each.place === null) continue;
      const { file, range } = each.place;
      this.#add(file, each.code.code, each);
      this.#add(file, `${each.code.code} ${lineIndexAt(file, range.start)}`, each);
    }
  }

  /** In the order in which they were given. */
  meantBy({ file, line }: IgnoreComment, { code }: Code): readonly Diagnostic[] {
    return this.#byPlace.get(file)?.get(line === null ? code : `${code} ${line}`) ?? [];
  }

  #add(file: SourceFile, key: string, diagnostic: Diagnostic): void {
    const byKey = this.#byPlace.get(file) ?? new Map<string, Diagnostic[]>();
    this.#byPlace.set(file, byKey);
    const known = byKey.get(key);
    if (known === undefined) byKey.set(key, [diagnostic]);
    else known.push(diagnostic);
  }
}

function ignoreCommentsIn({ file, comments }: ExpandedSource): readonly IgnoreComment[] {
  const lineOf = lineFinder(file);
  // From the last one: those above it need not look further than it did.
  return comments
    .toReversed()
    .flatMap((comment): IgnoreComment[] => {
      const [opening, wholeFile] = form.exec(comment.text) ?? [];
      if (opening === undefined) return [];
      const rest = comment.text.slice(opening.length);
      const list = /^[\w-]+(?:\s*,\s*[\w-]+)*/.exec(rest)?.[0] ?? '';
      const words = [...list.matchAll(/[\w-]+/g)].map(({ 0: text, index }) => ({
        text,
        start: comment.start + opening.length + index,
      }));
      const reason = rest
        .slice(list.length)
        .replace(/^[\s:-]+/, '')
        .trim();
      return [{ file, comment, line: wholeFile === undefined ? lineOf(comment) : null, words, reason }];
    })
    .reverse();
}

/** Of a comment: its own line when something else stands there, else the next one that holds a directive. */
function lineFinder(file: SourceFile): (comment: Comment) => number {
  const lines = file.lineStarts;
  let below: { readonly from: number; readonly line: number | null } | null = null;
  const nextLine = (from: number): number | null => {
    for (let line = from; line < lines.length; line += 1) {
      if (line === below?.from) return below.line;
      const text = file.text.slice(lines[line], lines[line + 1]).trim();
      if (text !== '' && !text.startsWith('#')) return line;
    }
    return null;
  };
  return (comment) => {
    const own = lineIndexAt(file, comment.start);
    if (file.text.slice(lines[own] ?? 0, comment.start).trim() !== '') return own;
    below = { from: own + 1, line: nextLine(own + 1) };
    return below.line ?? own;
  };
}

interface Judged extends Omit<IgnoreInput, 'diagnostics' | 'hidden'> {
  readonly found: FoundDiagnostics;
  readonly hidden: FoundDiagnostics;
}

function judge(comment: IgnoreComment, input: Judged, ignored: Set<Diagnostic>): readonly Diagnostic[] {
  const { words, reason } = comment;
  const faults: Diagnostic[] = [];
  if (words.length === 0) {
    const details = ['Name the finding and say why it is no fault here: # maddyc-ignore M4103 why'];
    return [diagnose(unknownIgnore, 'this comment ignores nothing in particular', placeOf(comment), { details })];
  }
  for (const word of words) {
    const code = findCode(word.text);
    const place = placeOf(comment, word);
    if (code === undefined) {
      const details = ['The word must be the code or the name of a finding; maddyc explain lists them.'];
      faults.push(diagnose(unknownIgnore, `there is no finding "${word.text}"`, place, { details }));
      continue;
    }
    const meant = input.found.meantBy(comment, code);
    for (const each of meant) if (!input.fatal.has(each)) ignored.add(each);
    const isUseful = meant.length > 0 || input.hidden.meantBy(comment, code).length > 0;
    if (meant.some((each) => input.fatal.has(each))) faults.push(unignorable(code, place));
    else if (!isUseful && !input.unasked.has(code.code)) faults.push(unused(code, comment, place));
  }
  if (faults.length === 0 && reason === '') {
    const details = ['Say why it is no fault here, for whoever reads the file next.'];
    faults.push(diagnose(ignoreWithoutReason, 'this comment does not say why', placeOf(comment), { details }));
  }
  return faults;
}

function placeOf({ file, comment }: IgnoreComment, word?: IgnoreComment['words'][number]): Place {
  const start = word?.start ?? comment.start;
  return { file, range: { start, end: start + (word ?? comment).text.length } };
}

function unignorable(code: Code, place: Place): Diagnostic {
  const details = ['It keeps the configuration from being loaded, so it is shown all the same.'];
  return diagnose(unusedIgnore, `${code.code} cannot be ignored`, place, { details });
}

function unused(code: Code, comment: IgnoreComment, place: Place): Diagnostic {
  const where = comment.line === null ? 'in this file' : `on line ${comment.line + 1}`;
  const details = ['Remove the comment: it would hide the finding when it comes back.'];
  const fixes = comment.words.length === 1 ? [removal(comment)] : [];
  return diagnose(unusedIgnore, `${code.code} ${code.name} is not found ${where}`, place, { details, fixes });
}

function removal({ file, comment }: IgnoreComment): Fix {
  const range = wholeLine(file, { start: comment.start, end: comment.start + comment.text.length });
  return { title: 'remove the comment', safe: true, edits: [{ file, range, text: '' }] };
}
