import type { Finding } from '../../grammar/finding.ts';
import type { Range } from '../../grammar/range.ts';
import type { Directive } from '../expand/directive.ts';
import type { Comment } from '../expand/expand.ts';
import type { ImportFault, ImportTarget } from '../expand/imports.ts';
import type { MacroEvent } from '../expand/read-item.ts';
import type { ReadPart } from '../expand/source-reader.ts';
import type { SourceFile } from '../source/source-file.ts';
import { Passage } from '../source/span.ts';
import type { Answers } from './noted-host.ts';

/** An import that was resolved, in the item or in what it brought, or one that was not. */
export type ImportEvent =
  | { readonly kind: 'imported'; readonly directive: Directive; readonly target: ImportTarget | null }
  | { readonly kind: 'fault'; readonly fault: ImportFault };

/** What is known of one item of the top level and the lines up to the next one; offsets are those in the passage. */
export interface KeptItem {
  readonly passage: Passage;
  /** Lines with nothing but comments are items too, where they must not belong to what stands before them. */
  readonly kind: 'directive' | 'declaration' | 'comments';
  /** Null unless it is one. */
  readonly directive: Directive | null;
  readonly macros: readonly MacroEvent[];
  readonly comments: readonly Comment[];
  readonly findings: readonly Finding[];
  /** What it is in the effective configuration. */
  readonly expanded: readonly Directive[];
  readonly imports: readonly ImportEvent[];
  /** What its imports asked of the host. */
  readonly asked: Answers;
}

/** As far as reading goes. */
export type ReadKeptItem = Omit<KeptItem, 'expanded' | 'imports' | 'asked'>;

/** Its comments and findings are still to be sorted in. */
type Place = Omit<ReadKeptItem, 'comments' | 'findings'>;

/** Sorts what was read by the items that it stands in; `start` is the place of the read text in the file. */
export function itemsOf(part: ReadPart, file: SourceFile, start: number): readonly ReadKeptItem[] {
  const places = placesIn(part, file, start);
  const { comments, findings } = part;
  let comment = 0;
  let finding = 0;
  return places.map((place, index) => {
    const from = place.passage.start - start;
    const to = (places[index + 1]?.passage.start ?? Number.POSITIVE_INFINITY) - start;
    const firstComment = comment;
    while (comment < comments.length && (comments[comment]?.start ?? to) < to) comment += 1;
    const firstFinding = finding;
    while (finding < findings.length && (findings[finding]?.range.start ?? to) < to) finding += 1;
    return {
      ...place,
      comments: comments.slice(firstComment, comment).map(({ start: at, text }) => ({ start: at - from, text })),
      findings: findings.slice(firstFinding, finding).map((each) => movedFinding(each, -from)),
    };
  });
}

function placesIn({ items, directives }: ReadPart, file: SourceFile, start: number): readonly Place[] {
  const byPassage = new Map(directives.map((directive) => [directive.passage, directive]));
  const places: Place[] = items.length === 0 ? [commentsFrom(file, start)] : [];
  for (const { passage, macros, end } of items) {
    const directive = byPassage.get(passage) ?? null;
    places.push({ passage, kind: directive === null ? 'declaration' : 'directive', directive, macros });
    if (directive !== null && directive.name !== 'import') continue;
    // What follows it can be edited without having everything read anew.
    const lineEnd = file.text.indexOf('\n', passage.start + end);
    // A backslash may join whatever is written there.
    const isOver = file.text.lastIndexOf('\\', lineEnd) < passage.start;
    if (lineEnd !== -1 && isOver) places.push(commentsFrom(file, lineEnd + 1));
  }
  return places;
}

function commentsFrom(file: SourceFile, start: number): Place {
  return { passage: new Passage(file, start), kind: 'comments', directive: null, macros: [] };
}

export function movedFinding(finding: Finding, by: number): Finding {
  if (by === 0) return finding;
  const moved = <Part extends { readonly range: Range }>(part: Part): Part => {
    return { ...part, range: { start: part.range.start + by, end: part.range.end + by } };
  };
  return {
    ...moved(finding),
    related: finding.related.map(moved),
    fixes: finding.fixes.map((fix) => ({ ...fix, edits: fix.edits.map(moved) })),
  };
}
