import type { Dialect } from '../../grammar/dialect.ts';
import { once } from '../../grammar/once.ts';
import { parse, type SyntaxTree } from '../../grammar/parse.ts';
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
  const tree = once(() => parse(text, dialect));
  return {
    file: createSourceFile(path, text),
    dialect,
    tree,
    declarations: once(() => findDeclarations(tree().items, path)),
  };
}
