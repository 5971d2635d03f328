import type { ExpandedDirective } from '../expand/expanded.ts';
import { isList, type Module, type Value } from '../ir/ir.ts';

/** A line of a `limits` block. */
export interface LimitLine {
  readonly directive: ExpandedDirective;
  readonly value: Value;
}

export function limitsOf(limits: Module): readonly LimitLine[] {
  const lines: LimitLine[] = [];
  for (const { value, written } of limits.config.values()) {
    if (!isList(value)) continue;
    for (const [index, directive] of written.entries()) {
      const each = value[index];
      if (each !== undefined) lines.push({ directive, value: each });
    }
  }
  return lines;
}
