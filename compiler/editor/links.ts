import type { Range } from '../../grammar/range.ts';
import { endOf, startOf } from '../../grammar/tokens.ts';
import type { EditorDocument } from './editor-document.ts';
import { leadsTo, type Project } from './scopes.ts';

export interface FileLink {
  readonly range: Range;
  /** Path of the file that it leads to. */
  readonly path: string;
}

/** The paths of imports that lead to a file. */
export function findLinks(project: Project, document: EditorDocument): readonly FileLink[] {
  return document.declarations().imports.flatMap((site) => {
    const target = project.documents.find((each) => leadsTo(site, each));
    if (target === undefined) return [];
    return [{ range: { start: startOf(site.token), end: endOf(site.token) }, path: target.file.path }];
  });
}
