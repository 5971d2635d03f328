import { tokenValue } from '../../grammar/tokens.ts';
import { visitTokens } from '../../grammar/tree.ts';
import type { WantedInterface } from '../catalog/interfaces.ts';
import type { BlockDeclaration, ImportSite } from './declarations.ts';
import type { EditorDocument } from './editor-document.ts';
import { macrosIn } from './name-at.ts';
import { leadsTo, type Project } from './scopes.ts';

export interface FoundBlock {
  readonly block: BlockDeclaration;
  readonly document: EditorDocument;
}

/** Named blocks of the whole configuration, those of the text at hand first; only such as fit when `expects` is given. */
export function findBlocks(
  project: Project,
  document: EditorDocument,
  expects: WantedInterface | null,
): readonly FoundBlock[] {
  const documents = [document, ...project.documents.filter((each) => each !== document)];
  return documents.flatMap((each) =>
    each
      .declarations()
      .blocks.filter(({ module }) => expects === null || module.implements.includes(expects))
      .map((block) => ({ block, document: each })),
  );
}

/** `&name` of each block that fits; none for places that take no module. */
export function referencesFor(
  project: Project,
  document: EditorDocument,
  expects: WantedInterface | null,
): readonly string[] {
  if (expects === null) return [];
  return [...new Set(findBlocks(project, document, expects).map(({ block }) => `&${block.name}`))];
}

/** Names that are referred to and that no block has. */
export function undefinedNames(project: Project, document: EditorDocument): readonly string[] {
  const known = new Set(findBlocks(project, document, null).map(({ block }) => block.name));
  const names = document.declarations().references.map(({ token }) => tokenValue(token).slice(1));
  return [...new Set(names)].filter((name) => name !== '' && !known.has(name));
}

/** Macros of the text that are used in it and declared nowhere in it. */
export function undefinedMacros(document: EditorDocument): readonly string[] {
  const used = new Set<string>();
  visitTokens(document.tree().items, (token) => {
    for (const { name } of macrosIn(token)) used.add(name);
  });
  for (const { name } of document.declarations().macros) used.delete(name);
  return [...used];
}

/** What the text imports, where there is neither a snippet nor a file of that name. */
export function undefinedSnippets(project: Project, document: EditorDocument): readonly string[] {
  const documents = [document, ...project.documents];
  const snippets = new Set(documents.flatMap((each) => each.declarations().snippets.map(({ name }) => name)));
  const isKnown = (site: ImportSite): boolean =>
    snippets.has(site.name) || documents.some((each) => leadsTo(site, each));
  const unknown = document.declarations().imports.filter((site) => /^[\w-]+$/.test(site.name) && !isKnown(site));
  return [...new Set(unknown.map(({ name }) => name))];
}
