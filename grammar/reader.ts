import type { Dialect } from './dialect.ts';
import type { Lexed } from './lexer.ts';
import { type Refusal, refusalOf } from './refusal.ts';
import { readStructure, type StructureActions } from './structure.ts';
import { rulesOf } from './structure-rules.ts';

export interface FaithfulReading<Node> {
  /** Complete only without a refusal. */
  readonly nodes: readonly Node[];
  /** Why the reference refuses the text; null when it reads all of it. */
  readonly refusal: Refusal | null;
  /** Of the tokens that were read. */
  readonly roles: Uint8Array;
}

/** Reads exactly as the reference does, traps included, up to its first error. */
export function readFaithfully<Node>(
  lexed: Lexed,
  dialect: Dialect,
  actions: StructureActions<Node>,
): FaithfulReading<Node> {
  const { nodes, violations, roles } = readStructure(lexed.tokens, rulesOf(dialect), actions, 'strict');
  const [first] = violations;
  return { nodes, refusal: first === undefined ? null : refusalOf(first), roles };
}
