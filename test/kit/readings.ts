import type { Dialect } from '../../grammar/dialect.ts';
import { lex } from '../../grammar/lexer.ts';
import { parse } from '../../grammar/parse.ts';
import { readFaithfully } from '../../grammar/reader.ts';
import { rulesOf } from '../../grammar/structure-rules.ts';
import { type Token, tokenValue } from '../../grammar/tokens.ts';
import type { Item } from '../../grammar/tree.ts';

/** A directive as either reading gives it: name, arguments, block. */
export interface Plain {
  readonly name: string;
  readonly at: number;
  readonly args: readonly string[];
  readonly block: readonly Plain[] | null;
}

export interface PlainReading {
  readonly nodes: readonly Plain[];
  /** Macros and snippets, with what they hold. */
  readonly declarations: readonly Plain[];
}

const plain = (name: string, token: Token, args: readonly Token[], block: readonly Plain[] | null): Plain => ({
  name,
  at: token.startOffset,
  args: args.map(tokenValue),
  block,
});

const byPlace = (a: Plain, b: Plain): number => a.at - b.at;

/** Null when the reference refuses the text. */
export function faithfulReading(text: string, dialect: Dialect): PlainReading | null {
  const declarations: Plain[] = [];
  const { nodes, refusal } = readFaithfully<Plain>(lex(text), dialect, {
    directive: ({ name, token, args }, block) => plain(name, token, args, block),
    macro: ({ name, token, args }, block) => {
      declarations.push(plain(name, token, args, block));
      return null;
    },
    snippet: ({ name, token, args }, body) => {
      declarations.push(plain(name, token, args, body));
    },
  });
  return refusal === null ? { nodes, declarations: declarations.sort(byPlace) } : null;
}

export function treeReading(text: string, dialect: Dialect): PlainReading {
  const rules = rulesOf(dialect);
  const declarations: Plain[] = [];
  const convert = (items: readonly Item[]): Plain[] =>
    items.flatMap((item) => {
      if (item.kind === 'stray') return [];
      const first = item.args[0];
      const written = tokenValue(item.name);
      const declared = rules.declared(written, item.args.length, first === undefined ? null : tokenValue(first));
      const name = declared.kind === 'malformed' ? written : declared.name;
      const block = item.block === null ? null : convert(item.block.items);
      if (declared.kind !== 'macro' && declared.kind !== 'snippet') return [plain(name, item.name, item.args, block)];
      declarations.push(plain(name, item.name, item.args, declared.kind === 'snippet' ? (block ?? []) : block));
      return [];
    });
  const nodes = convert(parse(text, dialect).items);
  return { nodes, declarations: declarations.sort(byPlace) };
}
