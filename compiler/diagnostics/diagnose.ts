import type { Code, Diagnostic, Place } from './diagnostic.ts';

export type DiagnosticParts = Partial<Omit<Diagnostic, 'code' | 'message' | 'place'>>;

/** A finding with the code's own severity and whatever more is known. */
export function diagnose(code: Code, message: string, place: Place | null, parts: DiagnosticParts = {}): Diagnostic {
  return { code, severity: code.severity, message, label: null, details: [], place, related: [], fixes: [], ...parts };
}
