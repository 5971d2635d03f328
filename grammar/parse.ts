import type { Dialect } from './dialect.ts';
import { layOut } from './layout.ts';
import { type Lexed, lex } from './lexer.ts';
import { buildTree } from './parser.ts';
import { readStructure, type StructureActions } from './structure.ts';
import { rulesOf } from './structure-rules.ts';
import type { Item } from './tree.ts';

export interface SyntaxTree {
  readonly text: string;
  readonly items: readonly Item[];
}

const noNodes: StructureActions<null> = { directive: () => null, macro: () => null, snippet: () => {} };

export function parse(text: string, dialect: Dialect = 'maddy'): SyntaxTree {
  return parseLexed(lex(text), dialect);
}

export function parseLexed(lexed: Lexed, dialect: Dialect): SyntaxTree {
  const rules = rulesOf(dialect);
  const structure = readStructure(lexed.tokens, rules, noNodes, 'structural');
  const items = buildTree(layOut(lexed.tokens, structure));
  return { text: lexed.text, items };
}
