import { tokenValue } from '../../grammar/tokens.ts';
import type { BodySpec, DirectiveSpec, ModuleSpec } from '../catalog/define.ts';
import { type InterfaceSpec, interfaces } from '../catalog/interfaces.ts';
import type { PipelineDirective } from '../catalog/pipeline.ts';
import { valueWords } from '../catalog/value-words.ts';
import { positionAt } from '../source/source-file.ts';
import type { BlockDeclaration, Declaration } from './declarations.ts';
import type { EditorDocument } from './editor-document.ts';
import { plainText } from './snippet-text.ts';

/** Markdown for hovers and for the documentation of suggestions: what a name means, from its row of the catalog. */

const manual = 'https://maddy.email/reference/';

const code = (text: string): string => `\`${text}\``;

/** Most of a declaration's lines that are shown. */
const MOST_LINES = 12;

export function describeSetting(name: string, row: DirectiveSpec, where: string, table: BodySpec | null): string {
  return joined([
    `${code(name)} ${where}`,
    row.deprecated === undefined ? null : deprecation(row.deprecated),
    row.doc,
    facts(row),
    row.snippet === undefined ? null : example(plainText(row.snippet)),
    notes(row.notes),
    link(table?.docPage),
  ]);
}

export function describeRouting(name: string, row: PipelineDirective): string {
  return joined([
    `${code(name)} in a pipeline`,
    row.doc,
    example(plainText(row.snippet)),
    notes(row.notes),
    link('smtp-pipeline.md'),
  ]);
}

export function describeModule(module: ModuleSpec): string {
  const kinds = module.implements.flatMap((name) => (Object.hasOwn(interfaces, name) ? [wordsOf(name)] : []));
  return joined([
    kinds.length === 0 ? code(module.name) : `${code(module.name)}: ${kinds.join(', ')}`,
    module.deprecated === undefined ? null : deprecation(module.deprecated),
    module.doc,
    module.extension === true ? 'An extension of maddyc: maddy does not have it.' : null,
    module.runtime ? null : 'maddyc checks it, but does not run it.',
    module.dialects.includes('maddy') ? null : `Only in ${module.dialects.join(', ')}; maddy does not have it.`,
    module.build === undefined ? null : `It ${module.build}; normal builds of maddy lack it.`,
    module.example === undefined ? null : example(module.example),
    notes(module.notes),
    link(module.docPage),
  ]);
}

export function describeValue(name: string, doc: string, row: DirectiveSpec | null): string {
  return joined([code(name), doc, row === null ? null : facts(row)]);
}

/** A named block as it is referred to: its first lines, and what its module is. */
export function describeBlock(block: BlockDeclaration, document: EditorDocument): string {
  return joined([
    `${code(`&${block.name}`)}: ${block.module.name}, ${placeOf(block, document)}`,
    example(excerpt(block, document)),
    block.module.doc,
  ]);
}

export function describeSnippet(snippet: Declaration, document: EditorDocument): string {
  return joined([`snippet ${code(snippet.name)}, ${placeOf(snippet, document)}`, example(excerpt(snippet, document))]);
}

export function describeMacro(macro: Declaration, document: EditorDocument, values: readonly string[] | null): string {
  const written = macro.node.args.slice(1).map(tokenValue);
  const shown =
    values === null || values.join(' ') === written.join(' ')
      ? null
      : `stands for ${code(values.join(' ') || 'nothing')}`;
  return joined([
    `macro ${code(`$(${macro.name})`)}, ${placeOf(macro, document)}`,
    example(lineOf(macro, document)),
    shown,
  ]);
}

/** `maddy.conf:12`. */
export function placeOf(declaration: Declaration, { file }: EditorDocument): string {
  const name = file.path.slice(file.path.lastIndexOf('/') + 1);
  return `${name}:${positionAt(file, declaration.token.startOffset).line}`;
}

function wordsOf(name: string): string {
  const all: Readonly<Record<string, InterfaceSpec>> = interfaces;
  return all[name]?.words ?? name;
}

function facts(row: DirectiveSpec): string {
  const words = valueWords[row.type];
  const wanted = row.expects === undefined ? null : interfaces[row.expects].words;
  const facts = [`Takes ${wanted ?? words.takes}`];
  if (row.values !== undefined && row.values.length <= 12) facts.push(`one of ${row.values.map(code).join(', ')}`);
  else if (wanted === null && words.takes !== 'no value' && row.values === undefined) facts.push(words.forms);
  const rest = [
    row.required === true ? 'required' : null,
    row.repeatable === undefined ? null : 'may stand several times',
    row.inheritsGlobal === true ? 'the global directive of this name counts when it is absent' : null,
    row.default === undefined ? null : `default: ${code([row.default].flat().map(shownDefault).join(' '))}`,
    row.whenUnset === undefined ? null : `otherwise: ${row.whenUnset}`,
  ].filter((each) => each !== null);
  return [facts.join(': '), ...rest].join(' · ');
}

const shownDefault = (value: string | number | boolean): string =>
  value === true ? 'yes' : value === false ? 'no' : value === '' ? '""' : String(value);

function deprecation(replacement: string): string {
  return replacement === ''
    ? '**Deprecated**: it does nothing any more.'
    : `**Deprecated**: write ${code(replacement)}.`;
}

function notes(list: readonly string[] | undefined): string | null {
  return list === undefined || list.length === 0 ? null : list.map((note) => `- ${note}`).join('\n');
}

function example(text: string): string {
  return `\`\`\`maddy\n${text.trimEnd()}\n\`\`\``;
}

function link(page: string | undefined): string | null {
  return page === undefined ? null : `[Manual](${manual}${page.replace(/\.md$/, '/')})`;
}

function joined(parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null && part !== '').join('\n\n');
}

function excerpt(declaration: Declaration, { file }: EditorDocument): string {
  const { node } = declaration;
  const start = node.name.startOffset;
  const end = node.block === null ? (node.args.at(-1) ?? node.name) : node.block.close;
  const lines = file.text
    .slice(start, end.startOffset + end.image.length)
    .replaceAll('\r', '')
    .split('\n');
  return lines.length <= MOST_LINES ? lines.join('\n') : [...lines.slice(0, MOST_LINES), '…'].join('\n');
}

function lineOf(declaration: Declaration, document: EditorDocument): string {
  return excerpt(declaration, document).split('\n')[0] ?? '';
}
