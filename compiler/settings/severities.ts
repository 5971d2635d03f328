import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Settings } from './settings.ts';

/** Findings as a project wants them. What keeps a configuration from being loaded stays what it is. */
export function applySeverities(
  diagnostics: readonly Diagnostic[],
  { rules }: Pick<Settings, 'rules'>,
  fatal: ReadonlySet<Diagnostic>,
): readonly Diagnostic[] {
  if (rules.size === 0) return diagnostics;
  return diagnostics.flatMap((diagnostic) => {
    const severity = rules.get(diagnostic.code.code) ?? rules.get(diagnostic.code.name);
    if (severity === undefined || fatal.has(diagnostic)) return [diagnostic];
    return severity === 'off' ? [] : [{ ...diagnostic, severity }];
  });
}
