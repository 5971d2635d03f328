import type { Dialect } from '../../grammar/dialect.ts';
import { once } from '../../grammar/once.ts';
import { parse, type SyntaxTree } from '../../grammar/parse.ts';
import { isClosed } from '../../grammar/scanners.ts';
import { isQuoted, startOf, type Token } from '../../grammar/tokens.ts';
import type { Item } from '../../grammar/tree.ts';
import { createSourceFile, type SourceFile } from '../source/source-file.ts';
import { type Declarations, findDeclarations } from './declarations.ts';

/** One text as an editor shows it: what can be said about it without the rest of the configuration. */
export interface EditorDocument {
  readonly file: SourceFile;
  readonly dialect: Dialect;
  /** Each is made on first use: typing asks for less than a click does. */
  readonly tree: () => SyntaxTree;
  readonly declarations: () => Declarations;
}

export function openDocument(path: string, text: string, dialect: Dialect): EditorDocument {
  const tree = once(() => parseWhileTyping(text, dialect));
  return {
    file: createSourceFile(path, text),
    dialect,
    tree,
    declarations: once(() => findDeclarations(tree().items, path)),
  };
}

/** A quote that is not closed yet takes the rest of the file as its text; while it is being typed the rest keeps its meaning. */
function parseWhileTyping(text: string, dialect: Dialect): SyntaxTree {
  const tree = parse(text, dialect);
  const last = lastToken(tree.items);
  if (last === null || !isQuoted(last) || isClosed(last.image) || !last.image.includes('\n')) return tree;
  const quote = startOf(last);
  return parse(`${text.slice(0, quote)}'${text.slice(quote + 1)}`, dialect);
}

function lastToken(items: readonly Item[]): Token | null {
  const item = items.at(-1);
  if (item === undefined) return null;
  if (item.kind === 'stray') return item.token;
  const part = item.parts?.at(-1);
  if (part !== undefined && part.kind !== 'block') return part.token;
  const block = part?.block ?? item.block;
  if (block === null) return item.args.at(-1) ?? item.name;
  return block.close.image === '' ? (lastToken(block.items) ?? block.open) : block.close;
}
