import type { Diagnostic, Fix } from '../diagnostics/diagnostic.ts';
import { lineIndexAt } from '../source/source-file.ts';

/**
 * A comment above the line that silences the finding; null for one that has no place. Why it is no fault only its writer knows:
 * until he says it, `ignore-without-reason` asks.
 */
export function ignoreFix({ code, place }: Diagnostic): Fix | null {
  if (place === null) return null;
  const { file, range } = place;
  const start = file.lineStarts[lineIndexAt(file, range.start)] ?? 0;
  const indent = /^[\t ]*/.exec(file.text.slice(start, range.start))?.[0] ?? '';
  const text = `${indent}# maddyc-ignore ${code.code} \n`;
  const title = `ignore ${code.code} here, and say why`;
  return { title, safe: false, edits: [{ file, range: { start, end: start }, text }] };
}
