import type { Diagnostic, Severity } from '../diagnostics/diagnostic.ts';

export interface Summary {
  readonly error: number;
  readonly warning: number;
  readonly info: number;
  readonly hint: number;
  /** Findings that `check --fix` puts right. */
  readonly fixable: number;
}

export function summarize(diagnostics: readonly Diagnostic[]): Summary {
  const count = (severity: Severity): number => diagnostics.filter((each) => each.severity === severity).length;
  return {
    error: count('error'),
    warning: count('warning'),
    info: count('info'),
    hint: count('hint'),
    fixable: diagnostics.filter((each) => each.fixes.some((fix) => fix.safe)).length,
  };
}

/** `1 error, 2 warnings, 1 of them fixable`; `no findings`. */
export function summaryWords(summary: Summary): string {
  const kinds: readonly (readonly [count: number, word: string])[] = [
    [summary.error, 'error'],
    [summary.warning, 'warning'],
    [summary.info, 'note'],
    [summary.hint, 'hint'],
  ];
  const said = kinds.flatMap(([count, word]) => (count === 0 ? [] : [`${count} ${word}${count === 1 ? '' : 's'}`]));
  if (said.length === 0) return 'no findings';
  return [...said, ...(summary.fixable === 0 ? [] : [`${summary.fixable} of them fixable`])].join(', ');
}
