import type { DiagnosticParts } from '../diagnostics/diagnose.ts';
import { diagnose } from '../diagnostics/diagnose.ts';
import type { Code, Diagnostic, Related } from '../diagnostics/diagnostic.ts';
import { provenance } from '../diagnostics/provenance.ts';
import { placeOf } from '../ir/finding.ts';
import type { Origin } from '../source/origin.ts';

/** A finding at a value of the configuration; the way by which the value got there is added as related places. */
export function report(code: Code, where: Origin, message: string, parts: DiagnosticParts = {}): Diagnostic {
  const related = [...(parts.related ?? []), ...provenance(where)];
  return diagnose(code, message, placeOf(where), { ...parts, related });
}

export function relatedAt(where: Origin, message: string): Related {
  return { ...placeOf(where), message };
}
