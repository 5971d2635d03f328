import type { Range } from '../../grammar/range.ts';
import { endOf, isQuoted, startOf } from '../../grammar/tokens.ts';
import { directoryOf } from '../source/path.ts';
import type { EditorDocument } from './editor-document.ts';
import { leadsTo, type Project } from './scopes.ts';

export interface ImportEdit {
  readonly document: EditorDocument;
  readonly range: Range;
  readonly text: string;
}

/** What imports have to be called when files get other paths; `moved` gives the new path of an old one. */
export function editsForMoves({ documents }: Project, moved: (path: string) => string | null): readonly ImportEdit[] {
  return documents.flatMap((document) =>
    document.declarations().imports.flatMap((site): ImportEdit[] => {
      const target = documents.find((each) => leadsTo(site, each))?.file.path;
      if (target === undefined) return [];
      const from = moved(document.file.path);
      const to = moved(target);
      if (from === null && to === null) return [];
      const name = newName(site.name, from ?? document.file.path, to ?? target);
      if (name === site.name) return [];
      const { token } = site;
      const text = isQuoted(token) || /[\s#"{}]/.test(name) ? `"${name}"` : name;
      return [{ document, range: { start: startOf(token), end: endOf(token) }, text }];
    }),
  );
}

/** In the style of the old one: absolute or not, with `.conf` or without. */
function newName(old: string, importer: string, target: string): string {
  const path = old.endsWith('.conf') ? target : target.replace(/\.conf$/, '');
  if (old.startsWith('/')) return path;
  const relative = relativePath(directoryOf(importer), path);
  return old.startsWith('./') && !relative.startsWith('../') ? `./${relative}` : relative;
}

function relativePath(folder: string, path: string): string {
  const from = folder.split('/').filter((part) => part !== '');
  const to = path.split('/').filter((part) => part !== '');
  let common = 0;
  while (common < from.length && common < to.length - 1 && from[common] === to[common]) common += 1;
  return [...from.slice(common).map(() => '..'), ...to.slice(common)].join('/');
}
