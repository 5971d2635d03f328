import type { Range } from '../../grammar/range.ts';
import type { EditorDocument } from './editor-document.ts';
import { isUnnamed, type NamedThing, occurrencesOf, thingAt } from './occurrences.ts';
import type { Project } from './scopes.ts';

export interface RenameTarget {
  readonly range: Range;
  readonly name: string;
}

export type Renaming =
  | { readonly ok: true; readonly edits: readonly { readonly document: EditorDocument; readonly range: Range }[] }
  /** Why the name cannot be given, for people. */
  | { readonly ok: false; readonly message: string };

/** The name at the offset, when it can be changed. */
export function renameTarget(project: Project, document: EditorDocument, offset: number): RenameTarget | null {
  const found = thingAt(project, document, offset);
  if (found === null || !isKnown(project, found.thing)) return null;
  const { thing, range } = found;
  if (thing.kind === 'block' && isUnnamed(project, document, thing.name)) return null;
  return { range, name: thing.name };
}

/** Gives the thing at the offset another name, wherever it is named. */
export function rename(project: Project, document: EditorDocument, offset: number, name: string): Renaming {
  const found = thingAt(project, document, offset);
  if (found === null || renameTarget(project, document, offset) === null) {
    return { ok: false, message: 'here is no name of a block, a macro or a snippet' };
  }
  const { thing } = found;
  if (!/^[^\s"'`{}()$&#\\,;]+$/.test(name)) {
    return {
      ok: false,
      message: `"${name}" cannot be a name: write it without spaces, quotes, braces, "&", "$" and "#"`,
    };
  }
  if (name === thing.name) return { ok: true, edits: [] };
  if (isKnown(project, { ...thing, name })) return { ok: false, message: `there is already a ${thing.kind} "${name}"` };
  return {
    ok: true,
    edits: occurrencesOf(project, thing).map(({ document: home, range }) => ({ document: home, range })),
  };
}

function isKnown(project: Project, thing: NamedThing): boolean {
  const documents = thing.kind === 'macro' ? [thing.home] : project.documents;
  return documents.some((document) => {
    const { macros, snippets, blocks } = document.declarations();
    const list = { macro: macros, snippet: snippets, block: blocks }[thing.kind];
    return list.some(({ name }) => name === thing.name);
  });
}
