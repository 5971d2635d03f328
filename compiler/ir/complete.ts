import { knows } from '../catalog/catalog.ts';
import type { BodySpec, DefaultWords, DirectiveSpec } from '../catalog/define.ts';
import type { ExpandedDirective } from '../expand/expanded.ts';
import { ArgAt } from './arg-at.ts';
import type { Context, Filling } from './context.ts';
import type { Finding } from './finding.ts';
import type { Property } from './ir.ts';
import type { Properties } from './properties.ts';
import { isPlainType, type PlainType, readValue } from './read-value.ts';
import { lowerValue } from './value.ts';

/** Fills in what a block does not say itself: globals of the same name, then defaults (language.md section 11). */
export function complete(
  context: Context,
  spec: BodySpec,
  header: ExpandedDirective,
  properties: Properties,
  out: Finding[],
): void {
  for (const { name, key, row } of fillingsOf(context, spec)) {
    if (properties.has(key)) continue;
    const global = row.inheritsGlobal === true ? context.globals.get(name) : undefined;
    if (global !== undefined && (global.written.length > 0 || global.value !== undefined)) properties.set(key, global);
    else if (row.repeatable === 'list' || row.repeatable === 'accumulates') properties.set(key, neverWritten);
    else if (row.default !== undefined) setDefault(context, name, row, row.default, header, properties, out);
  }
  if (typeof spec.unknown !== 'object' || !('into' in spec.unknown)) return;
  if (!properties.has(spec.unknown.into)) properties.set(spec.unknown.into, neverWritten);
}

const neverWritten: Property = { value: [], written: [], unreadable: false };

function fillingsOf(context: Context, spec: BodySpec): readonly Filling[] {
  const known = context.fillings.get(spec);
  if (known !== undefined) return known;
  const fillings: Filling[] = [];
  for (const [name, row] of Object.entries(spec.directives)) {
    const isFilled = row.inheritsGlobal === true || row.repeatable !== undefined || row.default !== undefined;
    if (isFilled && isThere(context, row)) fillings.push({ name, key: row.collect?.into ?? name, row });
  }
  context.fillings.set(spec, fillings);
  return fillings;
}

/** Directives of maddy have their defaults in every dialect: the runtime is maddy's. */
function isThere(context: Context, row: DirectiveSpec): boolean {
  return row.type !== 'pipeline' && (knows(row, context.dialect) || knows(row, 'maddy'));
}

function setDefault(
  context: Context,
  name: string,
  row: DirectiveSpec,
  words: DefaultWords,
  header: ExpandedDirective,
  properties: Properties,
  out: Finding[],
): void {
  if (isPlainType(row.type)) {
    properties.set(name, plainDefault(context, row, row.type, words));
    return;
  }
  const value = lowerValue(context, row, new UnwrittenDirective(name, words, header), out);
  properties.set(name, { value, written: [], unreadable: false });
}

/** One that nobody wrote: it stands where the block is that lacks it. */
class UnwrittenDirective implements ExpandedDirective {
  readonly name: string;
  readonly args: ExpandedDirective['args'];
  readonly block = null;
  readonly #header: ExpandedDirective;

  constructor(name: string, words: DefaultWords, header: ExpandedDirective) {
    this.name = name;
    this.#header = header;
    this.args = wordsOfDefault(words).map((value) => new ArgAt(value, header));
  }

  get origin(): ExpandedDirective['origin'] {
    return this.#header.origin;
  }

  get line(): number {
    return this.#header.line;
  }

  get range(): ExpandedDirective['range'] {
    return this.#header.range;
  }
}

/** As in maddy, a default is not checked. */
function plainDefault(context: Context, row: DirectiveSpec, type: PlainType, words: DefaultWords): Property {
  const known = context.defaults.get(row);
  if (known !== undefined) return known;
  const args = wordsOfDefault(words);
  const reading = readValue(type, { args, block: 'none' }, row);
  const property = { value: reading.ok ? reading.value : args.join(' '), written: [], unreadable: false };
  context.defaults.set(row, property);
  return property;
}

export function wordsOfDefault(words: DefaultWords): readonly string[] {
  if (typeof words === 'boolean') return [words ? 'yes' : 'no'];
  return Array.isArray(words) ? words : [String(words)];
}
