import type { ExpandedArg } from '../../expand/expanded.ts';
import type { Module } from '../../ir/ir.ts';
import { dependsOnEnvironment } from '../../ir/words.ts';
import { expressionFault } from '../../text/re2-syntax.ts';
import { wordsFor } from '../configured-address.ts';
import { firstValue, strings } from '../property-values.ts';

/** A `table.regexp` as its rules need it. */
export interface RegexpTable {
  readonly expression: string;
  readonly replacements: readonly string[];
  /** Undefined when the expression came by another way than as a word. */
  readonly word: ExpandedArg | undefined;
  /** In the same order as `replacements`. */
  readonly replacementWords: readonly ExpandedArg[];
  readonly isWholeMatch: boolean;
  readonly expands: boolean;
}

/** Null for other tables, for expressions that are none, and where the words depend on the environment. */
export function regexpTable(table: Module): RegexpTable | null {
  if (table.entry.name !== 'table.regexp') return null;
  const expression = firstValue(table, 'regexp');
  if (typeof expression !== 'string' || dependsOnEnvironment(expression)) return null;
  if (expressionFault(expression) !== null) return null;
  return {
    expression,
    replacements: strings(table, 'replacements'),
    word: wordsFor(table, 'regexp')[0],
    replacementWords: wordsFor(table, 'replacements'),
    isWholeMatch: firstValue(table, 'full_match') !== false,
    expands: firstValue(table, 'expand_replaceholders') !== false,
  };
}
