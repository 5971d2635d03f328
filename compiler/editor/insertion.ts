import type { DirectiveSpec, InlineArg, ModuleSpec } from '../catalog/define.ts';
import type { PipelineDirective } from '../catalog/pipeline.ts';
import { valueWords } from '../catalog/value-words.ts';
import { choice, placeholder, plainText, renumber } from './snippet-text.ts';
import { choicesFor } from './value-choices.ts';

/** What is put in for a name that is chosen from a list, as a snippet. */

/** `references`: names of blocks that fit where the setting takes a module. */
export function insertSetting(name: string, row: DirectiveSpec, references: readonly string[]): string {
  if (row.snippet !== undefined) return withReferences(row.snippet, references);
  if (row.type === 'flag') return name;
  if (row.expects !== undefined) return `${name} ${choice(1, references)}`;
  const choices = choicesFor({ kind: 'value', type: row.type, index: 0, before: () => [], row, name, doc: row.doc });
  if (choices.length > 0)
    return `${name} ${choice(
      1,
      choices.map(({ word }) => word),
    )}`;
  const { example } = valueWords[row.type];
  return example === '' ? name : `${name} ${placeholder(1, example)}`;
}

export function insertRouting(row: PipelineDirective, references: readonly string[]): string {
  return withReferences(row.snippet, references);
}

/** Catalog snippets name a block as their example; the blocks of this configuration are better. */
function withReferences(snippet: string, references: readonly string[]): string {
  return references.length === 0 ? snippet : snippet.replace(/\$\{1:&[^}]*\}/, () => choice(1, references));
}

/** A module as a block of the top level: its name, and the settings that it cannot do without. */
export function insertBlock(module: ModuleSpec, header: string | null = exampleHeader(module)): string {
  const name = header === null ? '' : ` ${placeholder(1, header)}`;
  return `${module.name}${name} {\n${requiredSettings(module, 2)}}`;
}

/** A named block as its documentation shows one, where that stands by itself; else as `insertBlock`. */
export function exampleBlock(module: ModuleSpec, name: string): string {
  const { example = '' } = module;
  const header = exampleHeader(module);
  const isAlone = header !== null && !/\s/.test(header) && !/[&$]/.test(example);
  if (isAlone) return `${module.name} ${name}${example.slice(`${module.name} ${header}`.length)}`;
  return plainText(insertBlock(module, name));
}

/** A module where it is used, with the arguments that it must have; as `word`, which may be shorter than its name. */
export function insertUse(word: string, module: ModuleSpec): string {
  const { inlineArgs } = module;
  if (inlineArgs.rule === 'positional') {
    const needed = inlineArgs.args.filter((arg, index) => isNeeded(module, arg, index));
    const words = needed.map((arg, index) => placeholder(index + 1, exampleOf(module, arg.into) ?? arg.name));
    if (words.length > 0) return `${word} ${words.join(' ')}`;
  }
  if (inlineArgs.rule === 'module') {
    const { into } = inlineArgs;
    const { snippet } = module.directives[into] ?? {};
    return `${word} ${snippet === undefined ? choice(1, []) : snippet.slice(into.length + 1)}`;
  }
  const isBare = !Object.values<DirectiveSpec>(module.directives).some(isMissing);
  return isBare ? word : `${word} {\n${requiredSettings(module, 1)}}`;
}

/** Required by itself, or because the module has a rule about it when it is missing. */
function isNeeded(
  { inlineArgs, rules = [] }: ModuleSpec,
  { required, repeated, into }: InlineArg,
  index: number,
): boolean {
  if (required === true || (index === 0 && repeated === true)) return true;
  if (inlineArgs.rule !== 'positional') return false;
  const belongTogether = inlineArgs.combine === 'pairs' || inlineArgs.tooFew !== undefined;
  return (
    belongTogether || rules.some((rule) => 'about' in rule && rule.kind === 'missing-part' && rule.about[0] === into)
  );
}

/** What the catalog fills in for the directive of that name. */
function exampleOf({ directives }: ModuleSpec, name: string): string | null {
  const { snippet } = directives[name] ?? {};
  return snippet?.startsWith(`${name} `) ? plainText(snippet).slice(name.length + 1) : null;
}

function requiredSettings(module: ModuleSpec, from: number): string {
  let next = from;
  let lines = '';
  for (const [name, row] of Object.entries<DirectiveSpec>(module.directives)) {
    if (!isMissing(row)) continue;
    const setting = renumber(insertSetting(name, row, []), next);
    next = setting.next;
    lines += setting.text.replace(/^/gm, '    ').concat('\n');
  }
  return `${lines}    $0\n`;
}

const isMissing = (row: DirectiveSpec): boolean =>
  row.required === true && row.inheritsGlobal !== true && row.deprecated === undefined;

/** What stands between the module's name and the brace in its example. */
function exampleHeader(module: ModuleSpec): string | null {
  const [first = ''] = (module.example ?? '').split('\n', 1);
  const header = first.startsWith(`${module.name} `)
    ? first
        .slice(module.name.length)
        .replace(/\{[^{}]*\}?\s*$/, '')
        .trim()
    : '';
  return header === '' ? null : header;
}
