import type { Dialect } from '../../grammar/dialect.ts';
import { allModules, findModule, knows } from '../catalog/catalog.ts';
import type { ModuleSpec } from '../catalog/define.ts';
import { globals } from '../catalog/globals.ts';
import type { ExpandedDirective } from '../expand/expanded.ts';
import { nearest } from '../text/nearest.ts';
import { directiveNamed, readBody } from './body.ts';
import { unusedBlock } from './codes/names.ts';
import { noEndpoint } from './codes/structure.ts';
import { complete } from './complete.ts';
import { type Context, createContext, note, type Stages } from './context.ts';
import { findCycles } from './cycles.ts';
import { append, type Finding, finding, unsaid } from './finding.ts';
import type { Block, Program, Reference } from './ir.ts';
import { isMisspelt } from './misspelt.ts';
import { configure, lowerBlock, lowerModule } from './module.ts';
import { lowerPipeline } from './pipeline.ts';
import { DraftModule, type NamedModule } from './registry.ts';
import { looksLikeImport } from './suggest.ts';
import { registerBlock, unknownTopLevel } from './top-level.ts';
import { newUnits, TopLevel, type Units } from './units.ts';
import { validate } from './validate.ts';

export interface Lowered {
  readonly program: Program;
  /** In the order in which maddy comes across them. */
  readonly findings: readonly Finding[];
}

export const stages: Stages = { module: lowerModule, configure, block: lowerBlock, pipeline: lowerPipeline };

/**
 * The expanded tree by the catalog, in maddy's load order (rules.yaml): global directives, names of blocks, endpoints
 * with what they refer to, blocks that nothing refers to. Never stops at an error and never throws.
 */
export function lower(
  directives: readonly ExpandedDirective[],
  dialect: Dialect,
  main: ExpandedDirective['origin'] | null,
  units: Units = newUnits(),
): Lowered {
  const context = createContext(dialect, stages, endpointNames(directives), units);
  const out: Finding[] = [];
  const header = topLevelHeader(directives, main);
  const { globals, endpoints, late } = sortTopLevel(context, directives);
  units.begin(context, { header, globals, endpoints: endpoints.map(({ directive }) => directive) });
  units.perform(context, 'globals', out, (inside) => lowerGlobals(context, globals, header, inside));
  context.readingGlobals = false;
  append(out, late);
  if (endpoints.length === 0) {
    out.push(hasMisspeltEndpoint(directives) ? unsaid(withoutEndpoint(header)) : withoutEndpoint(header));
  }
  const listening = endpoints.map(({ entry, directive }) => lowerEndpoint(context, entry, directive, out));
  append(out, lowerUnused(context, directives));
  append(out, findCycles(context.registry.blocks));
  return { program: new LoweredProgram(context, listening), findings: withoutFollowing(out, directives) };
}

/** That blocks lack what all of them would have, were it not misspelt at the top of the file, follows from that. */
function withoutFollowing(findings: readonly Finding[], directives: readonly ExpandedDirective[]): readonly Finding[] {
  const lacking = new Set(findings.flatMap(({ lacks = [] }) => lacks));
  const misspelt = [...lacking].filter((name) => isMisspelt(globals, directives, name));
  if (misspelt.length === 0) return findings;
  return findings.map((each) => (misspelt.includes(each.lacks ?? '') ? unsaid(each) : each));
}

class LoweredProgram implements Program {
  readonly globals: Program['globals'];
  readonly endpoints: Program['endpoints'];
  readonly blocks: Program['blocks'];
  readonly references: Program['references'];
  readonly marked: Program['marked'];
  readonly #secrets: Context['secrets'];
  readonly #meanings: Context['meanings'];

  constructor({ globals, registry, references, meanings, secrets, marked }: Context, endpoints: Program['endpoints']) {
    this.globals = globals;
    this.endpoints = endpoints;
    this.blocks = registry.blocks;
    this.references = references;
    this.#secrets = secrets;
    this.marked = marked;
    this.#meanings = meanings;
  }

  get secrets(): Program['secrets'] {
    return this.#secrets.map(({ origin }) => origin);
  }

  get meanings(): Program['meanings'] {
    return this.#meanings.byDirective();
  }
}

function endpointNames(directives: readonly ExpandedDirective[]): ReadonlySet<string> {
  const endpoints = directives.filter((directive) => findModule(directive.name)?.kind === 'endpoint');
  return new Set(endpoints.flatMap((directive) => [directive.name, ...directive.args.map((arg) => arg.value)]));
}

interface SortedTopLevel {
  readonly globals: readonly ExpandedDirective[];
  readonly endpoints: readonly { readonly entry: ModuleSpec; readonly directive: ExpandedDirective }[];
  /** Findings about names, which maddy sees after the global directives. */
  readonly late: readonly Finding[];
}

/** Blocks are registered before globals are read, so that references there can be resolved; maddy does it after (D19). */
function sortTopLevel(context: Context, directives: readonly ExpandedDirective[]): SortedTopLevel {
  const own: ExpandedDirective[] = [];
  const endpoints: { entry: ModuleSpec; directive: ExpandedDirective }[] = [];
  const late: Finding[] = [];
  for (const directive of directives) {
    if (directiveNamed(context, globals, directive.name) !== undefined) {
      own.push(directive);
      continue;
    }
    const entry = findModule(directive.name);
    if (entry === undefined || !knows(entry, context.dialect)) late.push(unknownTopLevel(context, directive));
    else if (entry.kind === 'endpoint') endpoints.push({ entry, directive });
    else registerBlock(context, entry, directive, late);
  }
  return { globals: own, endpoints, late };
}

function lowerGlobals(
  context: Context,
  directives: readonly ExpandedDirective[],
  header: ExpandedDirective,
  out: Finding[],
): void {
  const { properties } = readBody(context, globals, { kind: 'globals' }, directives, out);
  complete(context, globals, header, properties, out);
  validate(context, { spec: globals, header, name: null, args: [] }, properties, out, out);
  context.globals = properties;
}

function lowerEndpoint(context: Context, entry: ModuleSpec, header: ExpandedDirective, out: Finding[]): DraftModule {
  const module = context.units.endpointOf(header) ?? new DraftModule(entry, null, header, header.args);
  context.units.perform(context, module, out, (inside) => {
    note(context, header, { module: entry, owner: { kind: 'globals' } });
    const result = lowerModule(context, { entry, name: null, header, args: header.args, block: header.block }, inside);
    module.config = result.config;
    module.pipeline = result.pipeline;
  });
  drain(context, out);
  return module;
}

function drain(context: Context, out: Finding[]): void {
  for (let block = context.postponed.pop(); block !== undefined; block = context.postponed.pop()) {
    configure(context, block, out);
  }
}

/** maddy never looks into a block that nothing refers to; its mistakes are told all the same. */
function lowerUnused(context: Context, directives: readonly ExpandedDirective[]): readonly Finding[] {
  const unused = [...context.registry.blocks.values()].filter((block) => !block.used);
  if (unused.length === 0) return [];
  const inside: Finding[] = [];
  const known = context.references.length;
  const leadTo = new Map<Block, readonly Reference[]>();
  for (const block of unused) {
    const before = context.references.length;
    configure(context, block, inside);
    drain(context, inside);
    leadTo.set(block, context.references.slice(before));
  }
  const among = context.references.slice(known);
  const seeming = seeminglyUnused(context, directives, unused, leadTo);
  return [
    ...unused.map((block) => {
      const said = unusedFinding(context, block, among);
      return seeming.has(block) ? unsaid(said) : said;
    }),
    ...inside.filter(({ audience }) => audience === 'everybody').map((each) => ({ ...each, maddy: null })),
  ];
}

/** Blocks that something else in the file probably means, which was not understood, and those that they lead to. */
function seeminglyUnused(
  context: Context,
  directives: readonly ExpandedDirective[],
  unused: readonly NamedModule[],
  leadTo: ReadonlyMap<Block, readonly Reference[]>,
): ReadonlySet<Block> {
  const names = new Set<string>();
  const isImported = collectUnread(context, context.meanings.byDirective(), directives, names);
  // What a misspelt import would have brought is not known.
  if (isImported) return new Set(unused);
  const seeming = new Set<Block>(unused.filter(({ name }) => context.meant.has(name) || names.has(`&${name}`)));
  // Also over those that come in meanwhile.
  for (const block of seeming) {
    for (const { block: next } of leadTo.get(block) ?? []) if (next !== null) seeming.add(next);
  }
  return seeming;
}

/** References in directives that were not understood: what they lead to only looks unused. True: one of them was to import. */
function collectUnread(
  context: Context,
  meanings: Program['meanings'],
  directives: readonly ExpandedDirective[],
  names: Set<string>,
): boolean {
  let isImported = false;
  for (const directive of directives) {
    if (!meanings.has(directive) || context.unread.has(directive)) {
      for (const arg of directive.args) if (arg.value.startsWith('&')) names.add(arg.value);
      isImported ||= looksLikeImport(directive.name, context.dialect);
    }
    if (directive.block !== null) isImported = collectUnread(context, meanings, directive.block, names) || isImported;
  }
  return isImported;
}

function unusedFinding(context: Context, block: NamedModule, among: readonly Reference[]): Finding {
  const reported = block.entry.reportedName ?? block.entry.name;
  const name = block.entry.registersAs === undefined ? block.name : block.entry.name;
  const { path } = block.header.origin.file;
  const maddy =
    context.dialect === 'maddy'
      ? `unused configuration block ${name} (${reported})`
      : `Unused configuration block at ${path}:${block.header.line} - ${name} (${reported})`;
  const by = among.find((reference) => reference.block === block);
  return finding(
    unusedBlock,
    block.header.args[0]?.origin ?? block.header.origin,
    {
      message: `nothing uses the block "${block.name}"`,
      label: by === undefined ? 'no endpoint leads here' : 'used only by a block that is itself not used',
      details: [
        'maddy refuses to start with a block that is left over.',
        `Refer to it with &${block.name} where it is needed, or remove the block.`,
      ],
      related:
        by === undefined ? [] : [{ file: by.origin.file, range: by.origin.range, message: 'the only reference to it' }],
    },
    maddy,
  );
}

function hasMisspeltEndpoint(directives: readonly ExpandedDirective[]): boolean {
  const names = [...allModules()].filter(({ kind }) => kind === 'endpoint').map(({ name }) => name);
  return directives.some(({ name }) => findModule(name) === undefined && nearest(name, names) !== null);
}

function withoutEndpoint(header: ExpandedDirective): Finding {
  return finding(
    noEndpoint,
    header.origin,
    {
      message: 'no endpoint: nothing would listen',
      details: [
        'Add an endpoint, for example: smtp tcp://0.0.0.0:25 { … }',
        'If another file imports this one, check that file instead.',
      ],
    },
    'at least one endpoint should be configured',
  );
}

function topLevelHeader(directives: readonly ExpandedDirective[], main: ExpandedDirective['origin'] | null): TopLevel {
  const [first] = directives;
  const origin = main ??
    first?.origin ?? { file: { path: '', text: '', lineStarts: [0] }, range: { start: 0, end: 0 }, via: null };
  return new TopLevel(directives, origin);
}
