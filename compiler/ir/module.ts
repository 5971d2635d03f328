import { blocks } from '../catalog/blocks.ts';
import type { ModuleSpec } from '../catalog/define.ts';
import { readBody } from './body.ts';
import { argumentCount } from './codes/values.ts';
import { complete } from './complete.ts';
import { type BlockInput, type Context, type ModuleInput, type ModuleResult, note } from './context.ts';
import { append, atLine, type Finding, finding } from './finding.ts';
import { foldArgs, mergeArgs } from './inline-args.ts';
import type { Owner, Pipeline, Property } from './ir.ts';
import { listOf, type Properties } from './properties.ts';
import type { NamedModule } from './registry.ts';
import { lowerUse } from './uses.ts';
import { validate } from './validate.ts';

/** Chains of blocks that are longer than this are read one after the other instead of inside each other. */
const deepest = 100;

/** Reads a module by its entry: arguments, directives, what is missing, conditions, pipeline; findings in maddy's order. */
export function lowerModule(context: Context, input: ModuleInput, out: Finding[]): ModuleResult {
  const { entry, header } = input;
  const owner: Owner = { kind: 'module', entry };
  const early: Finding[] = [];
  const own: Finding[] = [];
  const folded = foldArgs(entry, header, input.args, own);
  const takesTable = entry.inlineArgs.rule === 'module' && input.args.length > 0;
  const children = takesTable || entry.unknown === 'ignored' ? [] : (input.block ?? []);
  const { properties, rest } = readBody(context, entry, owner, children, own);
  addTable(context, input, properties, own);
  mergeArgs(entry, header, folded, properties, own);
  complete(context, entry, header, properties, own);
  emptyLists(entry, properties);
  const hiding = validate(context, { spec: entry, ...input }, properties, early, own);
  append(out, early);
  if (own.length > 0) append(out, inMaddysOrder(own, hiding));
  const pipeline = entry.unknown === 'pipeline' ? pipelineOf(context, input, rest, out) : null;
  return { config: properties, pipeline, bounce: bounceOf(context, properties) };
}

/** `hiding`: what maddy says in place of the first of them. */
function inMaddysOrder(own: readonly Finding[], hiding: string | null): readonly Finding[] {
  const ordered = [...own.filter((each) => each.late !== true), ...own.filter((each) => each.late === true)];
  const [first, ...others] = ordered;
  return hiding !== null && first !== undefined ? [{ ...first, maddy: hiding }, ...others] : ordered;
}

/** Arguments (and the block) that are a module of their own. */
function addTable(context: Context, input: ModuleInput, properties: Properties, out: Finding[]): void {
  const { inlineArgs } = input.entry;
  if (inlineArgs.rule !== 'module') return;
  if (input.args.length > 0) {
    const place = { expects: inlineArgs.expects, directive: input.header, args: input.args, block: input.block };
    const use = lowerUse(context, place, out);
    properties.set(inlineArgs.into, { value: use, written: [input.header], unreadable: use === undefined });
  } else if (inlineArgs.required === true) {
    properties.set(inlineArgs.into, { value: undefined, written: [], unreadable: true });
    out.push(
      finding(
        argumentCount,
        input.header.origin,
        {
          message: `${input.entry.name} names no table`,
          details: [
            `It is written in place with a table after its name: ${input.entry.name.slice(input.entry.name.lastIndexOf('.') + 1)} file /etc/maddy/aliases`,
            ...(input.name === null ? [] : ['A named block cannot have arguments, so it cannot be used as one.']),
          ],
        },
        atLine(input.header, 'at least one argument is required'),
      ),
    );
  }
}

/** Lists of arguments are there even when no argument is given. */
function emptyLists(entry: ModuleSpec, properties: Properties): void {
  if (entry.inlineArgs.rule !== 'positional') return;
  for (const arg of entry.inlineArgs.args) {
    if (arg.repeated === true && !Object.hasOwn(entry.directives, arg.into) && !properties.has(arg.into)) {
      listOf(properties, arg.into);
    }
  }
}

function pipelineOf(
  context: Context,
  input: ModuleInput,
  directives: ModuleInput['block'] & object,
  out: Finding[],
): Pipeline {
  const siblings = Object.keys(input.entry.directives);
  return context.stages.pipeline(context, { header: input.header, directives, siblings }, out);
}

function bounceOf(context: Context, properties: Properties): Pipeline | null {
  const [directive] = properties.get('bounce')?.written ?? [];
  return directive === undefined ? null : (context.nestedPipelines.get(directive) ?? null);
}

/** maddy configures a named block where it is first met. */
export function configure(context: Context, block: NamedModule, out: Finding[]): void {
  context.units.meet(context, block);
  if (block.begun) return;
  if (context.depth >= deepest) {
    context.postponed.push(block);
    return;
  }
  block.begun = true;
  context.depth += 1;
  const { header, entry, name, module } = block;
  context.units.perform(context, module, out, (inside) => {
    note(context, header, { module: entry });
    const result = lowerModule(context, { entry, name, header, args: [], block: header.block }, inside);
    module.config = result.config;
    module.pipeline = result.pipeline;
    module.bounce = result.bounce;
  });
  context.depth -= 1;
}

/** A block of directives that is no module: `tls { … }`, a DNS list. */
export function lowerBlock(context: Context, input: BlockInput, out: Finding[]): ReadonlyMap<string, Property> {
  const spec = blocks[input.name];
  const early: Finding[] = [];
  const own: Finding[] = [];
  const { properties } = readBody(context, spec, { kind: 'block', spec }, input.children, own);
  complete(context, spec, input.header, properties, own);
  validate(context, { spec, header: input.header, name: null, args: [] }, properties, early, own);
  append(out, early);
  append(out, own);
  return properties;
}
