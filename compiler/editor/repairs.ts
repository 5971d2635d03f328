import { endOf, startOf } from '../../grammar/tokens.ts';
import { type DirectiveNode, rangeOf } from '../../grammar/tree.ts';
import type { DirectiveSpec, ModuleSpec } from '../catalog/define.ts';
import type { Diagnostic, TextEdit } from '../diagnostics/diagnostic.ts';
import { wholeLine } from '../fix/whole-line.ts';
import { usualModuleOf } from '../ir/suggest.ts';
import { lineIndexAt, type SourceFile } from '../source/source-file.ts';
import { nearest } from '../text/nearest.ts';
import { moduleWords } from './complete-name.ts';
import { blocksOf } from './declarations.ts';
import { placeOf } from './describe.ts';
import type { EditorDocument } from './editor-document.ts';
import { exampleBlock, insertSetting } from './insertion.ts';
import { scopeInside } from './meaning.ts';
import { nameIn, occurrencesOf, thingAt } from './occurrences.ts';
import { type Place, placeAt } from './place.ts';
import { findBlocks, referencesFor } from './references.ts';
import { meaningAt, type Project } from './scopes.ts';
import { plainText } from './snippet-text.ts';
import { distanceFrom } from './suggestion-order.ts';
import { wantedAt } from './wanted.ts';
import { wordAt } from './word-at.ts';

/** A way out of a finding that leaves something to decide: for an editor to offer, never for `check --fix`. */
export interface Repair {
  readonly title: string;
  /** More likely than the fixes that the finding brings along. */
  readonly comesFirst?: true;
  readonly edits: readonly RepairEdit[];
}

export interface RepairEdit extends Pick<TextEdit, 'range' | 'text'> {
  /** Where it is not the document that the finding is in. */
  readonly document?: EditorDocument;
}

interface Fault {
  readonly project: Project;
  readonly document: EditorDocument;
  readonly diagnostic: Diagnostic;
  readonly offset: number;
  readonly place: Place;
  /** The directive that the finding is about. */
  readonly node: DirectiveNode;
}

/** What may be written or removed because of the finding, which is about the text as it is. */
export function repairsFor(project: Project, document: EditorDocument, diagnostic: Diagnostic): readonly Repair[] {
  const repair = Object.hasOwn(repairs, diagnostic.code.name) ? repairs[diagnostic.code.name] : undefined;
  if (repair === undefined || diagnostic.place === null) return [];
  const offset = diagnostic.place.range.start;
  const place = placeAt(document, offset);
  const { slot } = place;
  if ((slot.kind !== 'name' && slot.kind !== 'argument') || slot.node === null) return [];
  return repair({ project, document, diagnostic, offset, place, node: slot.node });
}

/** By the name of the finding. */
const repairs: Readonly<Record<string, (fault: Fault) => readonly Repair[]>> = {
  'undefined-macro': declareMacro,
  'undefined-reference': (fault) => [...renameBlock(fault), ...writeBlock(fault)],
  'unknown-import': declareSnippet,
  'missing-directive': writeDirective,
  'missing-default': writeDefault,
  'empty-pipeline': decide,
  'mail-dropped': decide,
  'rules-beside-handlers': putIntoDefault,
  // A brace behind its value was to open another directive's block.
  'unused-macro': (fault) => (fault.node.block === null ? remove(fault, 'macro') : []),
  'unused-snippet': (fault) => remove(fault, 'snippet'),
  'unused-block': removeBlock,
};

function declareMacro({ project, document, offset, place, node }: Fault): readonly Repair[] {
  const use = wordAt(project, document, offset)?.use;
  if (use?.kind !== 'macro') return [];
  return [aboveTop(place, node, `declare $(${use.name})`, `$(${use.name}) = value\n`)];
}

/**
 * Of a block that nothing uses, in whichever file of the configuration, when the unknown name stands in several places: then
 * the block's was misspelt.
 */
function renameBlock({ project, document, offset }: Fault): readonly Repair[] {
  const named = thingAt(project, document, offset);
  if (named?.thing.kind !== 'block') return [];
  const { name } = named.thing;
  const usesOf = (each: string): number =>
    occurrencesOf(project, { kind: 'block', name: each }).filter(({ isDeclaration }) => !isDeclaration).length;
  if (usesOf(name) < 2) return [];
  const unused = findBlocks(project, document, null).filter(
    // Uses are looked for in all files: only of the few names that come close.
    ({ block: { token, node, name: each } }) =>
      token !== node.name && nearest(name, [each]) !== null && usesOf(each) === 0,
  );
  const best = nearest(
    name,
    unused.map(({ block }) => block.name),
  );
  const found = unused.find(({ block }) => block.name === best);
  if (found === undefined) return [];
  const { block, document: home } = found;
  const line = lineIndexAt(home.file, startOf(block.token)) + 1;
  const where = home === document ? `line ${line}` : placeOf(block, home);
  const edit = { document: home, range: nameIn(block.token, block.name), text: name };
  return [{ title: `rename the block in ${where} to ${name}`, comesFirst: true, edits: [edit] }];
}

const mostBlocks = 6;

function writeBlock({ project, document, offset, place, node }: Fault): readonly Repair[] {
  const { ancestors, slot } = place;
  const use = wordAt(project, document, offset)?.use;
  const meant = meaningAt(project, document, ancestors, node);
  if (use?.kind !== 'block' || !/^[^&;]+$/.test(use.name) || meant === null || slot.kind !== 'argument') return [];
  const wanted = wantedAt(meant.meaning, node, slot.index);
  if (wanted.kind !== 'module') return [];
  // The documentation has names that everybody takes over.
  const usual = (usualModuleOf(use.name) ?? '').split(/[ ()]+/);
  const fitness = ({ name, runtime }: ModuleSpec): number => Number(usual.includes(name)) * 2 + Number(runtime);
  return moduleWords(wanted.expects, document)
    .map(([, module]) => module)
    .filter((module) => distanceFrom(wanted.expects, module) === 0 && module.deprecated === undefined)
    .toSorted((a, b) => fitness(b) - fitness(a))
    .slice(0, mostBlocks)
    .map((module) => {
      const text = linesOf(exampleBlock(module, use.name));
      return aboveTop(place, node, `write a block ${module.name} "${use.name}"`, `${text}\n\n`);
    });
}

function declareSnippet({ place, node }: Fault): readonly Repair[] {
  const name = /^[\w-]+$/.exec(node.args[0]?.image ?? '')?.[0];
  if (name === undefined) return [];
  return [aboveTop(place, node, `declare the snippet (${name})`, `(${name}) {\n}\n\n`)];
}

function writeDirective({ project, document, diagnostic, place, node }: Fault): readonly Repair[] {
  const meant = meaningAt(project, document, place.ancestors, node);
  const table = meant === null ? null : (scopeInside(meant.meaning)?.table ?? null);
  const row = Object.entries<DirectiveSpec>(table?.directives ?? {}).find(([name]) =>
    diagnostic.message.endsWith(` lacks ${name}`),
  );
  if (row === undefined) return [];
  const [name, spec] = row;
  const references = referencesFor(project, document, spec.expects ?? null);
  const text = linesOf(plainText(insertSetting(name, spec, references)));
  // A line that still needs a word would be the next mistake.
  return text === `${name} ` ? [] : inBlock(document, node, `write ${name}`, text);
}

function writeDefault({ document, place, node }: Fault): readonly Repair[] {
  const around = place.ancestors.at(-1);
  const kind = /^(source|destination)/.exec(node.name.image)?.[0];
  if (around === undefined || kind === undefined) return [];
  const reply = kind === 'source' ? 'reject 501 5.1.8 "Not a sender of ours"' : `reject 550 5.1.1 "User doesn't exist"`;
  const name = `default_${kind}`;
  return inBlock(document, around, `write ${name} that refuses the others`, `${name} {\n    ${reply}\n}`);
}

/** Of a directive that cannot stand beside rules, where nothing is said for all other mail yet. */
function putIntoDefault({ document, diagnostic, place, node }: Fault): readonly Repair[] {
  const name = /default_\w+/.exec(diagnostic.label ?? '')?.[0];
  const around = place.ancestors.at(-1);
  const siblings = around === undefined ? [] : blocksOf(around).flatMap(({ items }) => items);
  const isThere = siblings.some((item) => item.kind === 'directive' && item.name.image === name);
  if (name === undefined || isThere) return [];
  const { file } = document;
  const range = rangeOf(node);
  const indent = indentOf(file, range.start);
  const text = file.text.slice(range.start, range.end).replace(/\n(?!\n)/g, '\n    ');
  return [{ title: `put it into ${name}`, edits: [{ range, text: `${name} {\n${indent}    ${text}\n${indent}}` }] }];
}

function decide({ project, document, node }: Fault): readonly Repair[] {
  const targets = referencesFor(project, document, 'delivery_target').slice(0, mostBlocks);
  return [
    ...targets.flatMap((target) => inBlock(document, node, `deliver to ${target}`, `deliver_to ${target}`)),
    ...inBlock(document, node, 'refuse the mail', 'reject 550 5.7.1 "Refused"'),
  ];
}

/** Not one with other names, nor one that another unused block refers to. */
function removeBlock(fault: Fault): readonly Repair[] {
  const { project, document, offset, node } = fault;
  const named = thingAt(project, document, offset);
  const isUsed = named !== null && occurrencesOf(project, named.thing).some(({ isDeclaration }) => !isDeclaration);
  return node.args.length > 1 || isUsed ? [] : remove(fault, 'block');
}

function remove({ document, node }: Fault, what: string): readonly Repair[] {
  return [{ title: `remove this ${what}`, edits: [{ range: wholeLine(document.file, rangeOf(node)), text: '' }] }];
}

/** Above the directive of the top level that the place is in. */
function aboveTop({ ancestors }: Place, node: DirectiveNode, title: string, text: string): Repair {
  const start = startOf((ancestors[0] ?? node).name);
  return { title, edits: [{ range: { start, end: start }, text }] };
}

/** As the last lines of the directive's block, which is made where there is none. */
function inBlock({ file }: EditorDocument, node: DirectiveNode, title: string, text: string): readonly Repair[] {
  const indent = indentOf(file, startOf(node.name));
  const block = blocksOf(node).at(-1);
  if (block === undefined) {
    const at = rangeOf(node).end;
    const edit = { range: { start: at, end: at }, text: ` {\n${indented(text, `${indent}    `)}${indent}}` };
    return [{ title, edits: [edit] }];
  }
  if (block.close.image === '') return [];
  const [first] = block.items;
  const inner = first?.kind === 'directive' ? indentOf(file, startOf(first.name)) : `${indent}    `;
  const close = startOf(block.close);
  const line = file.lineStarts[lineIndexAt(file, close)] ?? 0;
  const isAlone = line > endOf(block.open) && file.text.slice(line, close).trim() === '';
  const at = isAlone ? line : close;
  const lines = indented(text, inner);
  return [{ title, edits: [{ range: { start: at, end: at }, text: isAlone ? lines : `\n${lines}${indent}` }] }];
}

function indentOf(file: SourceFile, offset: number): string {
  const start = file.lineStarts[lineIndexAt(file, offset)] ?? 0;
  return /^[\t ]*/.exec(file.text.slice(start, offset))?.[0] ?? '';
}

const indented = (text: string, indent: string): string => `${text.replace(/^(?=.)/gm, indent)}\n`;

/** Without the empty line that is left of the last place to fill in. */
const linesOf = (text: string): string => text.replace(/\n[\t ]*(?=\n)/g, '');
