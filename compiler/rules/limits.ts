import type { ExpandedDirective } from '../expand/expanded.ts';
import type { Module, Value } from '../ir/ir.ts';

/** A line of a `limits` block. */
export interface LimitLine {
  readonly directive: ExpandedDirective;
  readonly value: Value;
}

export function limitsOf(limits: Module): readonly LimitLine[] {
  return [...limits.config.values()].flatMap(({ value, written }) =>
    Array.isArray(value)
      ? value.flatMap((each: Value, index) => {
          const directive = written[index];
          return directive === undefined ? [] : [{ directive, value: each }];
        })
      : [],
  );
}
