import type { Range } from '../../grammar/range.ts';
import { endOf, startOf, type Token, tokenValue } from '../../grammar/tokens.ts';
import type { SourceFile } from '../source/source-file.ts';
import type { Declaration } from './declarations.ts';
import type { EditorDocument } from './editor-document.ts';
import { macroDeclaration } from './macro-values.ts';
import { macroAt } from './name-at.ts';
import { placeAt } from './place.ts';
import { findBlocks } from './references.ts';
import { leadsTo, meaningAt, type Project } from './scopes.ts';
import { wantedAt } from './wanted.ts';

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
  const { ancestors, slot } = placeAt(document, offset);
  if (slot.kind !== 'name' && slot.kind !== 'argument') return null;
  const { token, node } = slot;
  if (token === null || node === null) return null;
  const macro = macroAt(token, offset);
  if (macro !== null) {
    const declaration = macroDeclaration(document, macro.name, offset);
    return found(macro.range, declaration === null ? [] : [targetOf(declaration, document)]);
  }
  if (slot.kind === 'name') return null;
  const from = rangeOf(token);
  const word = tokenValue(token);
  if (word.startsWith('&')) return found(from, blocksNamed(project, document, word.slice(1)));
  const meant = meaningAt(project, document, ancestors, node);
  if (meant === null) return null;
  const wanted = wantedAt(meant.meaning, node, slot.index);
  if (wanted.kind === 'import') return found(from, importTargets(project, document, word));
  if (wanted.kind === 'value' && wanted.type === 'block_name') return found(from, blocksNamed(project, document, word));
  return null;
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
