import type { Range } from '../../grammar/range.ts';
import { endOf, startOf, type Token } from '../../grammar/tokens.ts';
import type { SourceFile } from '../source/source-file.ts';
import type { Declaration } from './declarations.ts';
import type { EditorDocument } from './editor-document.ts';
import { macroDeclaration } from './macro-values.ts';
import { findBlocks } from './references.ts';
import { leadsTo, type Project } from './scopes.ts';
import { wordAt } from './word-at.ts';

export interface Target {
  readonly file: SourceFile;
  /** The name in its declaration. */
  readonly name: Range;
  /** The declaration as a whole. */
  readonly whole: Range;
}

export interface Definition {
  /** The word that leads there. */
  readonly from: Range;
  readonly targets: readonly Target[];
}

/** Where that is declared which is named at the offset: a block, a macro, a snippet, an imported file. */
export function findDefinition(project: Project, document: EditorDocument, offset: number): Definition | null {
  const word = wordAt(project, document, offset);
  if (word === null) return null;
  const { token, use } = word;
  if (use === null) return ofDeclaration(document, token);
  switch (use.kind) {
    case 'macro': {
      const declaration = macroDeclaration(document, use.name, offset);
      return found(use.range, declaration === null ? [] : [targetOf(declaration, document)]);
    }
    case 'block':
      return found(rangeOf(token), blocksNamed(project, document, use.name));
    case 'import':
      return found(rangeOf(token), importTargets(project, document, use.name));
  }
}

/** A declaration leads to itself: editors then show where it is used. */
function ofDeclaration(document: EditorDocument, token: Token): Definition | null {
  const { blocks, snippets } = document.declarations();
  const own = [...snippets, ...blocks.filter(({ node }) => node.name !== token)].find((each) => each.token === token);
  return own === undefined ? null : found(rangeOf(token), [targetOf(own, document)]);
}

const found = (from: Range, targets: readonly Target[]): Definition | null =>
  targets.length === 0 ? null : { from, targets };

function blocksNamed(project: Project, document: EditorDocument, name: string): readonly Target[] {
  return findBlocks(project, document, null)
    .filter(({ block }) => block.name === name)
    .map(({ block, document: home }) => targetOf(block, home));
}

function importTargets(project: Project, document: EditorDocument, name: string): readonly Target[] {
  for (const home of [document, ...project.documents]) {
    const snippet = home.declarations().snippets.findLast((each) => each.name === name);
    if (snippet !== undefined) return [targetOf(snippet, home)];
  }
  const site = document.declarations().imports.find((each) => each.name === name);
  const file = site && project.documents.find((each) => leadsTo(site, each))?.file;
  const start = { start: 0, end: 0 };
  return file === undefined ? [] : [{ file, name: start, whole: start }];
}

function targetOf({ token, node }: Declaration, { file }: EditorDocument): Target {
  const last = node.block?.close ?? node.args.at(-1) ?? node.name;
  return { file, name: rangeOf(token), whole: { start: startOf(node.name), end: endOf(last) } };
}

const rangeOf = (token: Token): Range => ({ start: startOf(token), end: endOf(token) });
