import { type TSchema, Type } from 'typebox';
import { blocks } from './blocks.ts';
import type { BlockName, BodySpec, DirectiveSpec, InlineArgs, SchemaLiteral } from './define.ts';
import { useSchema, valueSchemas } from './value-schemas.ts';

/**
 * JSON Schema of the configuration that `ConfigOf` describes in types, made from the same entries. Only the generating
 * script runs this: what checks a file are the validators compiled from it.
 */

/** Keys that blocks have beside their directives. */
const blockKeys: { readonly [N in BlockName]?: { readonly [key: string]: TSchema } } = {
  tls_server: { enabled: Type.Boolean() },
  dnsbl_list: { zones: Type.Array(Type.String()) },
  dnsbl_response: { networks: Type.Array(Type.String()) },
};

/** How a value is written in a schema: as it is, or with room for what is known only at `run`. */
export type ValueForm = (schema: TSchema, type: DirectiveSpec['type']) => TSchema;

export const asItIs: ValueForm = (schema) => schema;

/**
 * What is left to check once the words of a file have been read: numbers that a reader lets pass and that cannot work. All
 * else that it accepts is right by construction, and every check of a file loads these schemas, so they are lean.
 */
const leftByReaders: { readonly [type: string]: SchemaLiteral } = {
  datasize: { minimum: 0 },
  // Infinite, or not a number at all.
  float: { minimum: -Number.MAX_VALUE, maximum: Number.MAX_VALUE },
  limit: { properties: { burst: { minimum: 0 }, max: { minimum: 0 } } },
};

export const afterReading: ValueForm = (_, type) => Type.Unsafe<unknown>(leftByReaders[type] ?? {});

export type BodySchema = SchemaLiteral & { readonly properties: SchemaLiteral };

/** `properties` of a module or block: its directives, its arguments, and what unknown directives go to. */
export function bodySchema(spec: BodySpec & { readonly inlineArgs?: InlineArgs }, form: ValueForm): BodySchema {
  const properties: { [key: string]: TSchema } = {};
  const required: string[] = [];
  for (const [name, row] of Object.entries(spec.directives)) {
    const key = row.collect?.into ?? name;
    if (row.required === true) required.push(key);
    properties[key] = listSchema(row, directiveSchema(row, form));
  }
  for (const [key, schema] of Object.entries(argumentSchemas(spec))) properties[key] ??= schema;
  if (typeof spec.unknown === 'object' && 'modules' in spec.unknown) {
    properties[spec.unknown.into] = Type.Array(useSchema());
  } else if (typeof spec.unknown === 'object' && 'block' in spec.unknown) {
    properties[spec.unknown.into] = Type.Array(Type.Ref(spec.unknown.block));
  }
  return { type: 'object', properties: plain(properties), required, ...conditions(spec) };
}

function directiveSchema(row: DirectiveSpec, form: ValueForm): TSchema {
  switch (row.type) {
    case 'pipeline':
      return Type.Literal(true);
    case 'enum':
      return form(Type.Enum([...(row.values ?? [])]), row.type);
    case 'module_ref':
      return form(useSchema(), row.type);
    case 'cipher_list':
    case 'curve_list':
      return form(Type.Array(Type.Enum([...(row.values ?? [])])), row.type);
    case 'tls_server':
    case 'tls_client':
    case 'proxy_protocol':
    case 'dnsbl_list':
    case 'dnsbl_response':
      return form(Type.Ref(row.type), row.type);
    default:
      return form(valueSchemas[row.type](), row.type);
  }
}

function listSchema(row: DirectiveSpec, schema: TSchema): TSchema {
  if (row.repeatable !== 'list') return schema;
  const { collect } = row;
  if (collect?.as === undefined) return Type.Array(schema);
  const more = Object.fromEntries(Object.keys(collect.add ?? {}).map((key) => [key, Type.Boolean()]));
  return Type.Array(Type.Object({ [collect.as]: schema, ...more }));
}

function argumentSchemas(spec: { readonly inlineArgs?: InlineArgs }): { readonly [key: string]: TSchema } {
  const { inlineArgs } = spec;
  if (inlineArgs?.rule === 'module') return { [inlineArgs.into]: useSchema() };
  if (inlineArgs?.rule !== 'positional') return {};
  return Object.fromEntries(
    inlineArgs.args.map((arg) => [arg.into, arg.repeated === true ? Type.Array(Type.String()) : Type.String()]),
  );
}

/** Schema of a block with a table of its own, by the name under which others refer to it. */
export function blockSchema(name: BlockName, form: ValueForm): BodySchema {
  const body = bodySchema(blocks[name], form);
  const more = plain(blockKeys[name] ?? {});
  return { ...body, properties: { ...body.properties, ...more } };
}

/** Conditions keep the place that they have in the entry, so that errors can be led back to them. */
function conditions(spec: BodySpec): SchemaLiteral {
  if (spec.rules === undefined || !spec.rules.some((rule) => 'holds' in rule)) return {};
  return { allOf: spec.rules.map((rule) => ('holds' in rule ? rule.holds : {})) };
}

/** Without TypeBox's own marks. */
function plain(properties: { readonly [key: string]: TSchema }): SchemaLiteral {
  return JSON.parse(JSON.stringify(properties));
}
