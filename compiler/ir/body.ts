import { knows } from '../catalog/catalog.ts';
import type { BodySpec, DirectiveSpec } from '../catalog/define.ts';
import type { ExpandedDirective } from '../expand/expanded.ts';
import { duplicateDirective } from './codes/names.ts';
import { type Context, note } from './context.ts';
import { atLine, type Finding, finding } from './finding.ts';
import type { Owner, Value } from './ir.ts';
import { listOf, type Properties } from './properties.ts';
import { lowerUnknown } from './unknown.ts';
import { foreignDirective } from './use-findings.ts';
import { lowerValue } from './value.ts';

export interface BodyResult {
  readonly properties: Properties;
  /** Directives for the message pipeline. */
  readonly rest: readonly ExpandedDirective[];
}

/** Reads the directives of a block by its table, in the order of the file (language.md section 11). */
export function readBody(
  context: Context,
  spec: BodySpec,
  owner: Owner,
  children: readonly ExpandedDirective[],
  out: Finding[],
): BodyResult {
  const properties: Properties = new Map();
  const rest: ExpandedDirective[] = [];
  const meaning = { owner };
  for (const child of children) {
    const row = directiveNamed(context, spec, child.name);
    if (row === undefined) {
      if (spec.unknown === 'pipeline') rest.push(child);
      else lowerUnknown(context, spec, owner, child, properties, out);
      continue;
    }
    note(context, child, meaning);
    if (row.secretFrom !== undefined || row.deprecated !== undefined) mark(context, row, child);
    if (row.extension === true && context.dialect === 'maddy') out.push(foreignDirective(child));
    const [earlier] = row.repeatable === undefined ? (properties.get(child.name)?.written ?? []) : [];
    if (earlier !== undefined) {
      out.push(duplicate(child, earlier));
      continue;
    }
    addValue(properties, child.name, row, child, lowerValue(context, row, child, out));
  }
  return { properties, rest };
}

export function directiveNamed(context: Context, spec: BodySpec, name: string): DirectiveSpec | undefined {
  const row = Object.hasOwn(spec.directives, name) ? spec.directives[name] : undefined;
  return row !== undefined && knows(row, context.dialect) ? row : undefined;
}

function mark(context: Context, spec: DirectiveSpec, directive: ExpandedDirective): void {
  context.marked.push({ directive, spec });
  if (spec.secretFrom === undefined) return;
  for (const arg of directive.args.slice(spec.secretFrom)) context.secrets.push(arg);
}

/** Puts a value where the table says: its own key, a list of its occurrences, or a list that it shares. */
export function addValue(
  properties: Properties,
  name: string,
  row: DirectiveSpec,
  directive: ExpandedDirective,
  value: Value | undefined,
): void {
  if (row.repeatable !== 'list' && row.repeatable !== 'accumulates') {
    properties.set(name, { value, written: [directive], unreadable: value === undefined });
    return;
  }
  const list = listOf(properties, row.collect?.into ?? name);
  if (row.repeatable === 'accumulates' && Array.isArray(value)) {
    for (const each of value) list.add(each, directive);
  } else {
    list.add(value === undefined ? undefined : element(row, value), directive, row.collect?.unique);
  }
}

function element(row: DirectiveSpec, value: Value): Value {
  const { collect } = row;
  return collect?.as === undefined ? value : { [collect.as]: value, ...collect.add };
}

function duplicate(directive: ExpandedDirective, earlier: ExpandedDirective): Finding {
  return finding(
    duplicateDirective,
    directive.origin,
    {
      message: `"${directive.name}" stands here a second time`,
      details: ['It holds one value; maddy refuses a second one. Keep the one that is meant.'],
      related: [{ file: earlier.origin.file, range: earlier.origin.range, message: 'first given here' }],
    },
    atLine(directive, `duplicate directive: ${directive.name}`),
  );
}
