import type { Range } from '../../grammar/range.ts';
import { startOf, type Token, tokenValue } from '../../grammar/tokens.ts';
import { visitTokens } from '../../grammar/tree.ts';
import type { EditorDocument } from './editor-document.ts';
import { macrosIn } from './name-at.ts';
import { findBlocks } from './references.ts';
import type { Project } from './scopes.ts';
import { walkDirectives } from './walk.ts';
import { wantedAt } from './wanted.ts';
import { wordAt } from './word-at.ts';

/** What a configuration gives a name to. */
export type NamedThing =
  /** Known in its own text only (language section 6). */
  | { readonly kind: 'macro'; readonly name: string; readonly home: EditorDocument }
  | { readonly kind: 'snippet'; readonly name: string }
  | { readonly kind: 'block'; readonly name: string };

export interface Occurrence {
  readonly document: EditorDocument;
  /** The name alone, without `&` or parentheses. */
  readonly range: Range;
  readonly isDeclaration: boolean;
}

export interface FoundThing {
  readonly thing: NamedThing;
  /** The name at the place that was asked about. */
  readonly range: Range;
}

/** The thing whose name stands at the offset. */
export function thingAt(project: Project, document: EditorDocument, offset: number): FoundThing | null {
  const word = wordAt(project, document, offset);
  if (word === null) return null;
  const { token, use } = word;
  if (use?.kind === 'macro') {
    const range = { start: use.range.start + 2, end: use.range.end - 1 };
    return { thing: { kind: 'macro', name: use.name, home: document }, range };
  }
  const { blocks, snippets } = document.declarations();
  const snippet = snippets.find((each) => each.token === token);
  if (snippet !== undefined) return found('snippet', snippet.name, token);
  const block = blocks.find((each) => each.token === token);
  if (block !== undefined) return found('block', block.name, token);
  if (use === null) return null;
  if (use.kind === 'block') return found('block', use.name, token);
  return isSnippet(project, document, use.name) ? found('snippet', use.name, token) : null;
}

function found(kind: 'snippet' | 'block', name: string, token: Token): FoundThing | null {
  return name === '' ? null : { thing: { kind, name }, range: nameIn(token, name) };
}

function isSnippet(project: Project, document: EditorDocument, name: string): boolean {
  return [document, ...project.documents].some((each) =>
    each.declarations().snippets.some((snippet) => snippet.name === name),
  );
}

/** Every place where the thing is named, by text and offset. */
export function occurrencesOf(project: Project, thing: NamedThing): readonly Occurrence[] {
  switch (thing.kind) {
    case 'macro':
      return occurrencesOfMacro(thing.home, thing.name);
    case 'snippet':
      return project.documents.flatMap((document) => occurrencesOfSnippet(document, thing.name));
    case 'block':
      return project.documents.flatMap((document) => occurrencesOfBlock(project, document, thing.name));
  }
}

function occurrencesOfMacro(document: EditorDocument, name: string): readonly Occurrence[] {
  const declared = new Set(document.declarations().macros.map(({ token }) => token));
  const occurrences: Occurrence[] = [];
  visitTokens(document.tree().items, (token) => {
    for (const { name: used, range } of macrosIn(token)) {
      if (used !== name) continue;
      const inner = { start: range.start + 2, end: range.end - 1 };
      occurrences.push({ document, range: inner, isDeclaration: declared.has(token) });
    }
  });
  return occurrences;
}

function occurrencesOfSnippet(document: EditorDocument, name: string): readonly Occurrence[] {
  const { snippets, imports } = document.declarations();
  const all = [
    ...snippets.map((each) => ({ ...each, isDeclaration: true })),
    ...imports.map((each) => ({ ...each, isDeclaration: false })),
  ];
  return inOrder(
    all
      .filter((each) => each.name === name)
      .map(({ token, isDeclaration }) => ({ document, range: nameIn(token, name), isDeclaration })),
  );
}

function occurrencesOfBlock(project: Project, document: EditorDocument, name: string): readonly Occurrence[] {
  const { blocks, references } = document.declarations();
  const occurrences: Occurrence[] = [];
  const add = (token: Token, isDeclaration: boolean): void => {
    occurrences.push({ document, range: nameIn(token, name), isDeclaration });
  };
  for (const block of blocks) if (block.name === name) add(block.token, true);
  for (const { token } of references) if (tokenValue(token) === `&${name}`) add(token, false);
  for (const token of plainNames(project, document, name)) add(token, false);
  return inOrder(occurrences);
}

/** Names of blocks that stand without `&`, in the few settings that want them so. */
function plainNames(project: Project, document: EditorDocument, name: string): readonly Token[] {
  // Most texts have none of these settings: a look at the words is quicker than one at every directive.
  if (!document.file.text.includes(name)) return [];
  const tokens: Token[] = [];
  walkDirectives(project, document, ({ node, meaning }) => {
    if (meaning?.kind !== 'setting' || meaning.row.type !== 'block_name') return;
    for (const [index, token] of node.args.entries()) {
      if (tokenValue(token) !== name) continue;
      const wanted = wantedAt(meaning, node, index);
      if (wanted.kind === 'value' && wanted.type === 'block_name') tokens.push(token);
    }
  });
  return tokens;
}

/** The name within its token: after `&` or `(`, or in quotes. */
export function nameIn(token: Token, name: string): Range {
  const at = token.image.indexOf(name);
  const start = startOf(token) + Math.max(at, 0);
  return { start, end: start + (at === -1 ? token.image.length : name.length) };
}

function inOrder(occurrences: readonly Occurrence[]): readonly Occurrence[] {
  return occurrences.toSorted((a, b) => a.range.start - b.range.start);
}

/** Whether the name of a block is that of its module, which stands for it while it has no name of its own. */
export function isUnnamed(project: Project, document: EditorDocument, name: string): boolean {
  return findBlocks(project, document, null).some(
    ({ block }) => block.name === name && block.token === block.node.name,
  );
}
