import type { Range } from '../../grammar/range.ts';
import { endOf, startOf, type Token, tokenValue } from '../../grammar/tokens.ts';
import { findCode } from '../diagnostics/codes.ts';
import type { EditorDocument } from './editor-document.ts';
import { placeAt } from './place.ts';
import { leadsTo, type Project } from './scopes.ts';
import { walkDirectives } from './walk.ts';
import { wantedAt } from './wanted.ts';

export type Link = { readonly range: Range } & (
  | { readonly kind: 'file'; readonly path: string }
  /** The page of a finding. */
  | { readonly kind: 'code'; readonly code: string }
);

/** Imports that lead to a file, files of tables, and the findings that comments ignore. */
export function findLinks(project: Project, document: EditorDocument): readonly Link[] {
  const imports = document.declarations().imports.flatMap((site): Link[] => {
    const target = project.documents.find((each) => leadsTo(site, each));
    return target === undefined ? [] : [fileLink(site.token, target.file.path)];
  });
  return [...imports, ...tableFiles(project, document), ...ignoredCodes(document)];
}

function fileLink(token: Token, path: string): Link {
  return { range: { start: startOf(token), end: endOf(token) }, kind: 'file', path };
}

/** Of others nobody knows which folder they are in: it is that of the running server. */
const wholePath = /^\/[^$\0]+$/;

function tableFiles(project: Project, document: EditorDocument): readonly Link[] {
  const links: Link[] = [];
  walkDirectives(project, document, ({ node, meaning }) => {
    if (meaning === null) return;
    for (const [index, token] of node.args.entries()) {
      const path = tokenValue(token);
      if (!wholePath.test(path) || path.includes('{env:')) continue;
      const wanted = wantedAt(meaning, node, index);
      if (wanted.kind === 'value' && wanted.name === 'file') links.push(fileLink(token, path));
    }
  });
  return links;
}

const ignoring = /#[ \t]*maddyc-ignore(?:-file)?[ \t:]+([\w-]+(?:[ \t]*,[ \t]*[\w-]+)*)/g;

function ignoredCodes(document: EditorDocument): readonly Link[] {
  const { text } = document.file;
  if (!text.includes('maddyc-ignore')) return [];
  return [...text.matchAll(ignoring)].flatMap(({ 0: all, 1: list = '', index }) => {
    const start = index + all.length - list.length;
    if (placeAt(document, start).slot.kind !== 'comment') return [];
    return [...list.matchAll(/[\w-]+/g)].flatMap((word): Link[] => {
      const code = findCode(word[0]);
      const at = start + word.index;
      return code === undefined
        ? []
        : [{ range: { start: at, end: at + word[0].length }, kind: 'code', code: code.code }];
    });
  });
}
