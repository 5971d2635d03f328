import type { DirectiveNode } from '../../grammar/tree.ts';
import { smtp } from '../catalog/modules/smtp.ts';
import type { ImportSite } from './declarations.ts';
import type { EditorDocument } from './editor-document.ts';
import { type Meaning, meaningOf, type Scope, scopeInside, scopeOfModule, topLevel } from './meaning.ts';

/** The texts that make up a configuration together, as far as they are known; the one being edited is among them. */
export interface Project {
  readonly documents: readonly EditorDocument[];
}

/** Snippets and files that are only used from within each other would be followed for ever. */
const DEEPEST_USE = 16;

/** What may stand in the innermost of the blocks; null when nobody can say. */
export function scopeAt(
  project: Project,
  document: EditorDocument,
  ancestors: readonly DirectiveNode[],
  depth = 0,
): Scope | null {
  if (depth > DEEPEST_USE) return null;
  let scope = scopeOfFile(project, document, depth);
  for (const node of ancestors) {
    if (scope === null) return null;
    const meaning: Meaning = meaningOf(node, scope, document.dialect);
    scope = meaning.kind === 'snippet' ? scopeOfSnippet(project, document, meaning.name, depth) : scopeInside(meaning);
  }
  return scope;
}

/** A snippet means what it means where it is used first; one that is still being written, what most are made for. */
function scopeOfSnippet(project: Project, document: EditorDocument, name: string, depth: number): Scope | null {
  for (const user of [document, ...importersOf(project, document)]) {
    const site = user.declarations().imports.find((each) => each.name === name);
    if (site !== undefined) return scopeAt(project, user, site.ancestors, depth + 1);
  }
  return scopeOfModule(smtp);
}

function scopeOfFile(project: Project, document: EditorDocument, depth: number): Scope | null {
  for (const user of importersOf(project, document)) {
    const site = user.declarations().imports.find((each) => leadsTo(each, document));
    if (site !== undefined) return scopeAt(project, user, site.ancestors, depth + 1);
  }
  return topLevel;
}

function importersOf(project: Project, document: EditorDocument): readonly EditorDocument[] {
  return project.documents.filter(
    (each) => each !== document && each.declarations().imports.some((site) => leadsTo(site, document)),
  );
}

/** maddy looks for the path as it is and then with `.conf` (language section 8). */
export function leadsTo(site: ImportSite, document: EditorDocument): boolean {
  const { path } = document.file;
  return site.path === path || `${site.path}.conf` === path;
}

export interface Meant {
  readonly scope: Scope;
  readonly meaning: Meaning;
}

/** What a directive stands for; null when its surroundings are not understood. */
export function meaningAt(
  project: Project,
  document: EditorDocument,
  ancestors: readonly DirectiveNode[],
  node: DirectiveNode,
): Meant | null {
  const scope = scopeAt(project, document, ancestors);
  return scope === null ? null : { scope, meaning: meaningOf(node, scope, document.dialect) };
}
