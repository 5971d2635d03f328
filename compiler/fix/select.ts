import type { Diagnostic, Fix, TextEdit } from '../diagnostics/diagnostic.ts';
import type { SourceFile } from '../source/source-file.ts';

export type FixChoice =
  /** Only what is certainly meant. */
  'safe' | 'all';

/**
 * Fixes that can be applied together: of each finding the first that may be, none that touches the text of an earlier one.
 * A finding with several fixes leaves the choice to somebody, unless one of them is safe.
 */
export function selectFixes(diagnostics: readonly Diagnostic[], choice: FixChoice): readonly Fix[] {
  const taken = new Map<SourceFile, TextEdit[]>();
  return diagnostics.flatMap(({ fixes }) => {
    const fix = fixes.find(({ safe }) => safe) ?? (choice === 'all' && fixes.length === 1 ? fixes[0] : undefined);
    if (fix === undefined || fix.edits.some((edit) => taken.get(edit.file)?.some((other) => touch(edit, other))))
      return [];
    for (const edit of fix.edits) taken.set(edit.file, [...(taken.get(edit.file) ?? []), edit]);
    return [fix];
  });
}

/** Also side by side: what the two would make together nobody has looked at. */
function touch(a: TextEdit, b: TextEdit): boolean {
  return a.range.start <= b.range.end && b.range.start <= a.range.end;
}

/** The text with edits that do not overlap. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const ordered = edits.toSorted((a, b) => a.range.start - b.range.start);
  let result = '';
  let at = 0;
  for (const { range, text: inserted } of ordered) {
    result += text.slice(at, range.start) + inserted;
    at = range.end;
  }
  return result + text.slice(at);
}
