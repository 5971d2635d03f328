import { hasImports } from '../../grammar/dialect.ts';
import type { Range } from '../../grammar/range.ts';
import { endOf, isQuoted, startOf, type Token, tokenValue } from '../../grammar/tokens.ts';
import { type DirectiveNode, type Item, rangeOf } from '../../grammar/tree.ts';
import { wholeLine } from '../fix/whole-line.ts';
import { lineIndexAt, type SourceFile } from '../source/source-file.ts';
import { blocksOf, macroNameOf, snippetNameOf } from './declarations.ts';
import type { EditorDocument } from './editor-document.ts';
import { macroValues } from './macro-values.ts';
import { macroAt, macrosIn } from './name-at.ts';
import { occurrencesOf } from './occurrences.ts';
import { placeAt } from './place.ts';
import type { Project } from './scopes.ts';

/** A change of one text that leaves its meaning. */
export interface Refactoring {
  readonly title: string;
  readonly kind: 'extract' | 'inline';
  readonly edits: readonly { readonly range: Range; readonly text: string }[];
}

/** What can be done with the selection, or at the cursor when it is empty. */
export function refactorings(project: Project, document: EditorDocument, selection: Range): readonly Refactoring[] {
  const found =
    selection.start === selection.end
      ? [...inlineMacro(document, selection.start), inlineSnippet(document, selection.start)]
      : [extractSnippet(project, document, selection)];
  return found.filter((each) => each !== null);
}

/** The selected directives become a snippet, which is imported where they stood. */
function extractSnippet(project: Project, document: EditorDocument, selection: Range): Refactoring | null {
  const { dialect, file } = document;
  if (!hasImports(dialect)) return null;
  const text = file.text.slice(selection.start, selection.end);
  const start = selection.start + (text.length - text.trimStart().length);
  const end = selection.end - (text.length - text.trimEnd().length);
  const { top, items } = itemsBetween(document.tree().items, { start, end });
  const first = items[0];
  const last = items.at(-1);
  if (first === undefined || last === undefined || top === null) return null;
  if (startOf(first.name) !== start || rangeOf(last).end !== end || !items.every(isMovable)) return null;
  const name = freeName(project, document);
  const before = rangeOf(top).start;
  const body = moved(file.text.slice(start, end), columnOf(file, start), '    ');
  return {
    title: 'extract these lines into a snippet',
    kind: 'extract',
    edits: [
      { range: { start: before, end: before }, text: `(${name}) {\n${body}\n}\n\n` },
      { range: { start, end }, text: `import ${name}` },
    ],
  };
}

/** The directives of one block that touch the range, and the top-level one that they are in. */
function itemsBetween(
  items: readonly Item[],
  range: Range,
  top: DirectiveNode | null = null,
): { readonly top: DirectiveNode | null; readonly items: readonly DirectiveNode[] } {
  const touched = items.filter((item): item is DirectiveNode => {
    const own = rangeOf(item);
    return item.kind === 'directive' && own.start < range.end && own.end > range.start;
  });
  const [only] = touched;
  const inside = touched.length === 1 && only !== undefined ? blocksOf(only) : [];
  const holder = inside.find(({ open, close }) => endOf(open) <= range.start && range.end <= startOf(close));
  if (only !== undefined && holder !== undefined) return itemsBetween(holder.items, range, top ?? only);
  return { top: top ?? only ?? null, items: touched };
}

/** Whole, and no declaration, which may only stand at the top level. */
function isMovable(node: DirectiveNode): boolean {
  const word = tokenValue(node.name);
  const isDeclaration = macroNameOf(word) !== null || snippetNameOf(word) !== null;
  return node.name.image !== '' && !isDeclaration && blocksOf(node).every(({ close }) => close.image !== '');
}

function freeName({ documents }: Project, document: EditorDocument): string {
  const taken = new Set(
    [document, ...documents].flatMap((each) => each.declarations().snippets.map(({ name }) => name)),
  );
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? 'extracted' : `extracted${number}`;
    if (!taken.has(name)) return name;
  }
}

/** One reference, or all of them and the declaration. */
function inlineMacro(document: EditorDocument, offset: number): readonly Refactoring[] {
  const { slot } = placeAt(document, offset);
  if ((slot.kind !== 'name' && slot.kind !== 'argument') || slot.token === null) return [];
  const macro = macroAt(slot.token, offset);
  if (macro === null) return [];
  const { name } = macro;
  const { macros } = document.declarations();
  const isDeclaredOnce = (each: string): boolean => macros.filter((other) => other.name === each).length === 1;
  const declaration = macros.find((each) => each.name === name);
  if (declaration === undefined || macroValues(document, name) === null) return [];
  // One that is declared twice means something else above and below, and so does what refers to it.
  const behind = declaration.node.args.flatMap((token) => macrosIn(token).map((each) => each.name));
  if (behind.includes(name) || ![name, ...behind].every(isDeclaredOnce)) return [];
  const uses = usesOf(document, name, declaration.token);
  const replacements = uses.map((use) => replacement(use, declaration.node));
  const all = replacements.filter((each) => each !== null);
  const here = replacements.find((each) => each !== null && each.range.start === macro.range.start) ?? null;
  const isWhole = all.length === uses.length && all.length > 0;
  const removal = { range: wholeLine(document.file, rangeOf(declaration.node)), text: '' };
  return [
    ...(here === null || (isWhole && all.length === 1)
      ? []
      : [{ title: `put the value of $(${name}) in here`, kind: 'inline' as const, edits: [here] }]),
    ...(isWhole
      ? [{ title: `replace $(${name}) by its value and remove it`, kind: 'inline' as const, edits: [removal, ...all] }]
      : []),
  ];
}

interface MacroUse {
  readonly token: Token;
  readonly range: Range;
}

function usesOf(document: EditorDocument, name: string, declaration: Token): readonly MacroUse[] {
  return occurrencesOf({ documents: [document] }, { kind: 'macro', name, home: document }).flatMap(({ range }) => {
    const { slot } = placeAt(document, range.start);
    const token = slot.kind === 'argument' ? slot.token : null;
    if (token === null || token === declaration) return [];
    return macrosIn(token)
      .filter((each) => each.range.start === range.start - 2)
      .map((each) => ({ token, range: each.range }));
  });
}

/** The values in the place of a reference; null where the text would mean something else. */
function replacement({ token, range }: MacroUse, declaration: DirectiveNode): Refactoring['edits'][number] | null {
  const values = declaration.args.slice(1);
  if (range.start === startOf(token) && range.end === endOf(token)) {
    return { range, text: values.map(({ image }) => image).join(' ') };
  }
  const [only] = values;
  if (only === undefined || values.length > 1) return null;
  const value = tokenValue(only);
  if (/["\\]/.test(value) || (!isQuoted(token) && /[\s#{}]/.test(value))) return null;
  return { range, text: value };
}

/** The lines of a snippet of this text in the place of its import. */
function inlineSnippet(document: EditorDocument, offset: number): Refactoring | null {
  if (!hasImports(document.dialect)) return null;
  const site = document.declarations().imports.find(({ node }) => {
    const { start, end } = rangeOf(node);
    return start <= offset && offset <= end;
  });
  const snippet = site && document.declarations().snippets.findLast(({ name }) => name === site.name);
  const block = snippet?.node.block;
  if (site === undefined || block === undefined || block === null || block.close.image === '') return null;
  const { file } = document;
  const first = block.items[0];
  const last = block.items.at(-1);
  if (first === undefined || last === undefined || site.ancestors[0] === snippet?.node) return null;
  const { start } = rangeOf(first);
  const range = rangeOf(site.node);
  const column = columnOf(file, range.start);
  const body = moved(file.text.slice(start, rangeOf(last).end), columnOf(file, start), ' '.repeat(column)).trimStart();
  return { title: `put the lines of snippet "${site.name}" in here`, kind: 'inline', edits: [{ range, text: body }] };
}

/** Lines that began at a column, with another indentation. */
function moved(text: string, column: number, indent: string): string {
  return text
    .split('\n')
    .map((line, index) => {
      const rest = index === 0 ? line : line.replace(new RegExp(`^[ \\t]{0,${column}}`), '');
      return rest.trim() === '' ? rest.trimEnd() : indent + rest;
    })
    .join('\n');
}

function columnOf(file: SourceFile, offset: number): number {
  return offset - (file.lineStarts[lineIndexAt(file, offset)] ?? 0);
}
