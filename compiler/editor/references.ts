import { tokenValue } from '../../grammar/tokens.ts';
import type { WantedInterface } from '../catalog/interfaces.ts';
import type { BlockDeclaration } from './declarations.ts';
import type { EditorDocument } from './editor-document.ts';
import type { Project } from './scopes.ts';

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
