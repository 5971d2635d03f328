import type { Range } from '../../grammar/range.ts';
import { endOf, startOf, type Token, tokenValue } from '../../grammar/tokens.ts';
import { findModule, lookUpModule } from '../catalog/catalog.ts';
import { interfaces } from '../catalog/interfaces.ts';
import {
  describeBlock,
  describeMacro,
  describeModule,
  describeRouting,
  describeSetting,
  describeSnippet,
  describeValue,
} from './describe.ts';
import type { EditorDocument } from './editor-document.ts';
import { macroDeclaration, macroValues } from './macro-values.ts';
import type { Meaning, Scope } from './meaning.ts';
import { macroAt } from './name-at.ts';
import { placeAt } from './place.ts';
import { findBlocks } from './references.ts';
import { leadsTo, meaningAt, type Project } from './scopes.ts';
import { wantedAt } from './wanted.ts';

export interface HoverText {
  readonly range: Range;
  /** Markdown. */
  readonly text: string;
}

/** What the word at the offset means. */
export function hover(project: Project, document: EditorDocument, offset: number): HoverText | null {
  const { ancestors, slot } = placeAt(document, offset);
  if ((slot.kind !== 'name' && slot.kind !== 'argument') || slot.token === null || slot.node === null) return null;
  const { token, node } = slot;
  const macro = macroAt(token, offset);
  if (macro !== null) return hoverMacro(document, macro.name, macro.range);
  const meant = meaningAt(project, document, ancestors, node);
  if (meant === null) return null;
  const text =
    slot.kind === 'name'
      ? describeDirective(document, meant.meaning, meant.scope)
      : describeArgument(project, document, meant.meaning, node, slot.index, token);
  return text === null ? null : { range: { start: startOf(token), end: endOf(token) }, text };
}

function hoverMacro(document: EditorDocument, name: string, range: Range): HoverText | null {
  const macro = macroDeclaration(document, name, range.start);
  return macro === null ? null : { range, text: describeMacro(macro, document, macroValues(document, name)) };
}

function describeDirective(document: EditorDocument, meaning: Meaning, scope: Scope): string | null {
  switch (meaning.kind) {
    case 'setting':
      return describeSetting(meaning.name, meaning.row, scope.where, scope.table);
    case 'routing':
      return describeRouting(meaning.name, meaning.row);
    case 'block':
      return describeModule(meaning.module);
    case 'member':
      return describeModule(meaning.use.module);
    case 'zone':
      return `A DNS list: its name is the zone.\n\n${meaning.block.doc}`;
    case 'snippet': {
      const snippet = document.declarations().snippets.find(({ name }) => name === meaning.name);
      return snippet === undefined ? null : describeSnippet(snippet, document);
    }
    case 'import':
      return 'Puts in the content of a snippet of this file, or of another file, at this place.';
    case 'macro':
    case 'unknown':
      return null;
  }
}

function describeArgument(
  project: Project,
  document: EditorDocument,
  meaning: Meaning,
  node: Parameters<typeof wantedAt>[1],
  index: number,
  token: Token,
): string | null {
  const word = tokenValue(token);
  const wanted = wantedAt(meaning, node, index);
  if (word.startsWith('&')) return describeReference(project, document, word.slice(1));
  switch (wanted.kind) {
    case 'module': {
      const { namespace } = interfaces[wanted.expects];
      const module = lookUpModule(word, namespace, document.dialect) ?? findModule(word);
      return module === undefined ? null : describeModule(module);
    }
    case 'value':
      return describeValue(wanted.name, wanted.doc, wanted.row);
    case 'import':
      return describeImport(project, document, word);
    case 'new-name':
      return meaning.kind === 'block' ? describeModule(meaning.module) : null;
    case 'rule':
    case 'reply':
    case 'yes-no':
    case 'nothing':
      return meaning.kind === 'routing' ? describeRouting(meaning.name, meaning.row) : null;
  }
}

function describeReference(project: Project, document: EditorDocument, name: string): string | null {
  const found = findBlocks(project, document, null).find(({ block }) => block.name === name);
  return found === undefined ? null : describeBlock(found.block, found.document);
}

function describeImport(project: Project, document: EditorDocument, name: string): string | null {
  for (const home of [document, ...project.documents]) {
    const snippet = home.declarations().snippets.find((each) => each.name === name);
    if (snippet !== undefined) return describeSnippet(snippet, home);
  }
  const site = document.declarations().imports.find((each) => each.name === name);
  const file = site && project.documents.find((each) => leadsTo(site, each));
  return file === undefined ? null : `file \`${file.file.path}\``;
}
