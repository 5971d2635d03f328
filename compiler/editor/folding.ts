import { lex } from '../../grammar/lexer.ts';
import type { Range } from '../../grammar/range.ts';
import { endOf, startOf } from '../../grammar/tokens.ts';
import type { Item } from '../../grammar/tree.ts';
import { lineIndexAt } from '../source/source-file.ts';
import { blocksOf } from './declarations.ts';
import type { EditorDocument } from './editor-document.ts';

export interface Fold {
  /** The lines that are left when it is folded are the first and, of a block, the last. */
  readonly range: Range;
  readonly kind: 'block' | 'comment' | 'region';
}

/** Blocks, runs of comment lines, and what lies between `# region` and `# endregion`. */
export function findFolds(document: EditorDocument): readonly Fold[] {
  const folds: Fold[] = [];
  foldBlocks(document.tree().items, folds);
  foldComments(document, folds);
  return folds.filter(({ range }) => lineIndexAt(document.file, range.start) < lineIndexAt(document.file, range.end));
}

function foldBlocks(items: readonly Item[], folds: Fold[]): void {
  for (const item of items) {
    if (item.kind === 'stray') continue;
    for (const { open, close, items: inner } of blocksOf(item)) {
      folds.push({ range: { start: startOf(open), end: startOf(close) }, kind: 'block' });
      foldBlocks(inner, folds);
    }
  }
}

function foldComments({ file }: EditorDocument, folds: Fold[]): void {
  const regions: number[] = [];
  let run: { start: number; end: number; line: number } | null = null;
  const endRun = (): void => {
    if (run !== null) folds.push({ range: { start: run.start, end: run.end }, kind: 'comment' });
    run = null;
  };
  for (const comment of lex(file.text).comments) {
    const start = startOf(comment);
    const line = lineIndexAt(file, start);
    const isAlone = file.text.slice(file.lineStarts[line] ?? 0, start).trim() === '';
    const marker = /^#\s*(region|endregion)\b/.exec(comment.image)?.[1];
    if (marker === 'region') regions.push(start);
    else if (marker === 'endregion') {
      const begin = regions.pop();
      if (begin !== undefined) folds.push({ range: { start: begin, end: start }, kind: 'region' });
    }
    if (!isAlone || marker !== undefined) endRun();
    else if (run !== null && run.line + 1 === line) run = { start: run.start, end: endOf(comment), line };
    else {
      endRun();
      run = { start, end: endOf(comment), line };
    }
  }
  endRun();
}
