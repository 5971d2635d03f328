import type { Range } from '../../grammar/range.ts';
import type { Origin } from '../source/origin.ts';

/** An argument after macros, imports and (unless kept) environment. */
export interface ExpandedArg {
  readonly value: string;
  readonly origin: Origin;
}

/** A directive of the effective configuration: no macro, snippet or import is left in the tree. */
export interface ExpandedDirective {
  readonly name: string;
  readonly args: readonly ExpandedArg[];
  /** Null without a block; an empty list for `{ }`: references tell the two apart. */
  readonly block: readonly ExpandedDirective[] | null;
  /** Arguments that disappeared, each a reference to a macro that is not defined; as written. */
  readonly vanished?: readonly ExpandedArg[];
  /** Of the name token. */
  readonly origin: Origin;
  /** Line of the name token, from 1, in `origin.file`. */
  readonly line: number;
  /** From the name to the end of the block or the last argument, in `origin.file`. */
  readonly range: Range;
}
