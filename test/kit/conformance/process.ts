import { Ajv } from 'ajv';
import type { BodySpec, DirectiveSpec, TypeName } from '../../../compiler/catalog/define.ts';
import { afterReading, bodySchema } from '../../../compiler/catalog/schema.ts';
import { expand } from '../../../compiler/expand/expand.ts';
import type { ExpandedDirective } from '../../../compiler/expand/expanded.ts';
import { type BodyResult, readBody } from '../../../compiler/ir/body.ts';
import { complete } from '../../../compiler/ir/complete.ts';
import { type Context, createContext } from '../../../compiler/ir/context.ts';
import type { Finding } from '../../../compiler/ir/finding.ts';
import type { Value } from '../../../compiler/ir/ir.ts';
import { stages } from '../../../compiler/ir/program.ts';
import { newUnits } from '../../../compiler/ir/units.ts';
import { validate } from '../../../compiler/ir/validate.ts';
import { createMemoryHost } from '../../../compiler/source/memory-host.ts';
import { difference, field } from './kind.ts';

/** Cases of values.json that run a block against a table made for the case: order, duplicates, inheritance, defaults. */

interface Row {
  readonly name: string;
  readonly type: string;
  readonly spec: DirectiveSpec;
}

export function checkProcess(recorded: unknown): string | null {
  const host = createMemoryHost({ files: new Map([['main.conf', String(field(recorded, 'config'))]]) });
  const { directives } = expand('main.conf', host, { dialect: 'maddy' });
  const globalRows = rowsOf(field(recorded, 'global_schema'));
  const rows = rowsOf(field(recorded, 'schema'));
  const isGlobal = (directive: ExpandedDirective): boolean => globalRows.some((row) => row.name === directive.name);
  const block = directives.find((directive) => !isGlobal(directive));
  if (block === undefined) return 'the case has no block';
  const context = createContext('maddy', stages, new Set(), newUnits());
  const findings: Finding[] = [];
  const outer = {
    ...block,
    origin: block.origin,
    line: block.line,
    range: block.range,
    name: '',
    args: [],
    block: directives,
  };
  context.globals = run(
    context,
    bodyOf(globalRows, 'refused'),
    outer,
    directives.filter(isGlobal),
    findings,
  ).properties;
  const policy = field(recorded, 'allow_unknown') === true ? 'pipeline' : 'refused';
  const { properties, rest } = run(context, bodyOf(rows, policy), block, block.block ?? [], findings);
  const error = findings.find((each) => each.maddy !== null)?.maddy;
  const values = rows
    .filter((row) => row.type !== 'any')
    .map((row): readonly [string, unknown] => [row.name, shown(row.type, properties.get(row.name)?.value)]);
  const actual =
    error === undefined || error === null
      ? { ok: true, values: Object.fromEntries(values), unknown: rest.map((directive) => directive.name) }
      : { ok: false, error };
  return difference(field(recorded, 'expect'), actual);
}

function run(
  context: Context,
  spec: BodySpec,
  header: ExpandedDirective,
  children: readonly ExpandedDirective[],
  findings: Finding[],
): BodyResult {
  const result = readBody(context, spec, { kind: 'globals' }, children, findings);
  complete(context, spec, header, result.properties, findings);
  const validator = new Ajv({ allErrors: true, strict: false }).compile(bodySchema(spec, afterReading));
  validate(context, { spec, header, name: null, args: [] }, result.properties, findings, findings, validator);
  return result;
}

function bodyOf(rows: readonly Row[], unknown: BodySpec['unknown']): BodySpec {
  return { doc: '', unknown, directives: Object.fromEntries(rows.map((row) => [row.name, row.spec])) };
}

function rowsOf(schema: unknown): readonly Row[] {
  return (Array.isArray(schema) ? schema : []).map((entry: unknown) => {
    const type = String(field(entry, 'type'));
    const value = field(entry, 'default');
    const spec: DirectiveSpec = {
      type: typeOf(type),
      doc: '',
      ...(field(entry, 'required') === true ? { required: true } : {}),
      ...(field(entry, 'inherit') === true ? { inheritsGlobal: true } : {}),
      ...(value === undefined ? {} : { default: wordsOf(type, value) }),
      ...(type === 'any' ? { repeatable: 'last' } : {}),
      ...(type === 'enum' ? { values: (field(entry, 'allowed') as readonly string[] | undefined) ?? [] } : {}),
    };
    return { name: String(field(entry, 'name')), type, spec };
  });
}

function typeOf(type: string): TypeName {
  switch (type) {
    case 'any':
      return 'flag';
    case 'data_size':
      return 'datasize';
    case 'bool':
    case 'int':
    case 'float':
    case 'string':
    case 'string_list':
    case 'duration':
    case 'enum':
      return type;
    default:
      throw new Error(`the recordings have a type that is not known here: ${type}`);
  }
}

/** Defaults are recorded as values: durations in nanoseconds, sizes in bytes. */
function wordsOf(type: string, value: unknown): string | boolean | readonly string[] {
  if (Array.isArray(value)) return value.map(String);
  if (type === 'bool') return value === true;
  return type === 'duration' ? `${String(value)}ns` : type === 'data_size' ? `${String(value)}B` : String(value);
}

function shown(type: string, value: Value | undefined): unknown {
  switch (type) {
    case 'int':
    case 'data_size':
      return String(value ?? 0);
    case 'duration':
      return String(Number(value ?? 0) * 1e6);
    case 'float':
      return value ?? 0;
    case 'bool':
      return value ?? false;
    case 'string_list':
      return value ?? null;
    default:
      return value ?? '';
  }
}
