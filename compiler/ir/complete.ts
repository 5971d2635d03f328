import { knows } from '../catalog/catalog.ts';
import type { BodySpec, DefaultWords, DirectiveSpec } from '../catalog/define.ts';
import type { ExpandedDirective } from '../expand/expanded.ts';
import type { Context } from './context.ts';
import type { Finding } from './finding.ts';
import type { Value } from './ir.ts';
import { listOf, type Properties } from './properties.ts';
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
  for (const name in spec.directives) {
    const row = spec.directives[name];
    const key = row?.collect?.into ?? name;
    if (row === undefined || properties.has(key) || !isThere(context, row)) continue;
    const global = row.inheritsGlobal === true ? context.globals.get(name) : undefined;
    if (global !== undefined && (global.written.length > 0 || global.value !== undefined)) properties.set(key, global);
    else if (row.repeatable === 'list' || row.repeatable === 'accumulates') listOf(properties, key);
    else if (row.default !== undefined) setDefault(context, name, row, row.default, header, properties, out);
  }
  if (typeof spec.unknown === 'object' && 'into' in spec.unknown) listOf(properties, spec.unknown.into);
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
    properties.set(name, { value: plainDefault(context, row, row.type, words), written: [], unreadable: false });
    return;
  }
  const { origin, line, range } = header;
  const args = wordsOfDefault(words).map((value) => ({ value, origin }));
  const value = lowerValue(context, row, { name, args, block: null, origin, line, range }, out);
  properties.set(name, { value, written: [], unreadable: false });
}

/** As in maddy, a default is not checked. */
function plainDefault(context: Context, row: DirectiveSpec, type: PlainType, words: DefaultWords): Value {
  const known = context.defaults.get(row);
  if (known !== undefined) return known;
  const args = wordsOfDefault(words);
  const reading = readValue(type, { args, block: 'none' }, row);
  const value = reading.ok ? reading.value : args.join(' ');
  context.defaults.set(row, value);
  return value;
}

export function wordsOfDefault(words: DefaultWords): readonly string[] {
  if (typeof words === 'boolean') return [words ? 'yes' : 'no'];
  return Array.isArray(words) ? words : [String(words)];
}
