import { type TSchema, Type } from 'typebox';
import { blocks, isBlockName } from '../../compiler/catalog/blocks.ts';
import { allModules } from '../../compiler/catalog/catalog.ts';
import type { ModuleSpec, SchemaLiteral } from '../../compiler/catalog/define.ts';
import { globals } from '../../compiler/catalog/globals.ts';
import { blockSchema, bodySchema, type ValueForm } from '../../compiler/catalog/schema.ts';
import { PLAN_FORMAT, PLAN_VERSION } from '../../compiler/plan/plan.ts';
import type { Outputs } from '../generate.ts';

/** Schema of a plan: its frame, which the reader checks, and for publication also the configuration of each module. */

const text = { type: 'string' };
const at = { type: 'array', items: { type: 'integer', minimum: 0 }, minItems: 3, maxItems: 3 };
const list = (of: string): SchemaLiteral => ({ type: 'array', items: ref(of) });
const ref = (name: string): SchemaLiteral => ({ $ref: `#/$defs/${name}` });

function object(
  properties: { readonly [key: string]: SchemaLiteral },
  optional: readonly string[] = [],
): SchemaLiteral {
  const required = Object.keys(properties).filter((key) => !optional.includes(key));
  return { type: 'object', properties, required };
}

/** JSON Schema's `if`; the word "then" as a plain key would make a thenable object. */
function choice(condition: SchemaLiteral, holds: SchemaLiteral, otherwise: SchemaLiteral = {}): SchemaLiteral {
  return Object.fromEntries([
    ['if', condition],
    ['then', holds],
    ['else', otherwise],
  ]);
}

const rule = object({ text, at });
const members = { checks: list('use'), modifiers: list('use') };

const frame: { readonly [name: string]: SchemaLiteral } = {
  at,
  reference: object({ use: text, at: ref('at') }),
  use: { type: 'object', ...choice({ required: ['use'] }, ref('reference'), ref('module')) },
  pipeline: object({
    at: ref('at'),
    ...members,
    dmarc: { type: 'boolean' },
    sourceTables: { type: 'array', items: object({ table: ref('use'), block: ref('source') }) },
    sources: { type: 'array', items: object({ rules: { type: 'array', items: rule }, block: ref('source') }) },
    defaultSource: ref('source'),
  }),
  source: object({
    at: ref('at'),
    implicit: { type: 'boolean' },
    ...members,
    destinationTables: { type: 'array', items: object({ table: ref('use'), block: ref('destination') }) },
    destinations: {
      type: 'array',
      items: object({ rules: { type: 'array', items: rule }, block: ref('destination') }),
    },
    defaultDestination: ref('destination'),
  }),
  destination: object({
    at: ref('at'),
    implicit: { type: 'boolean' },
    ...members,
    actions: { type: 'array', items: ref('action') },
  }),
  action: {
    type: 'object',
    required: ['kind', 'at'],
    properties: { kind: { enum: ['deliver', 'reroute', 'reject'] }, at: ref('at') },
    allOf: [
      choice({ properties: { kind: { const: 'deliver' } } }, object({ target: ref('use') })),
      choice({ properties: { kind: { const: 'reroute' } } }, object({ pipeline: ref('pipeline') })),
      choice({ properties: { kind: { const: 'reject' } } }, object({ reply: ref('reply') })),
    ],
  },
  reply: object({
    code: { type: 'integer', minimum: 400, maximum: 599 },
    enhanced: { type: 'string', pattern: '^[45]\\.\\d+\\.\\d+$' },
    text: { type: 'string', minLength: 1 },
  }),
};

function moduleFrame(config: SchemaLiteral): SchemaLiteral {
  return object(
    {
      module: text,
      name: { type: ['string', 'null'] },
      config,
      pipeline: ref('pipeline'),
      bounce: ref('pipeline'),
      at: ref('at'),
    },
    ['pipeline', 'bounce'],
  );
}

function planFrame(globalsSchema: SchemaLiteral): SchemaLiteral {
  return object({
    format: { const: PLAN_FORMAT },
    version: { const: PLAN_VERSION },
    producer: text,
    dialect: { enum: ['maddy', 'madmail-0', 'madmail-2'] },
    files: { type: 'array', items: text, minItems: 1 },
    environment: { type: 'array', items: text },
    globals: globalsSchema,
    endpoints: {
      type: 'array',
      items: { allOf: [ref('module'), object({ addresses: { type: 'array', items: text } })] },
    },
    blocks: { type: 'object', additionalProperties: ref('module') },
  });
}

/** What the reader of plans checks before it looks at the configuration of each module. */
export function planStructure(): SchemaLiteral {
  return { ...planFrame({ type: 'object' }), $defs: { ...frame, module: moduleFrame({ type: 'object' }) } };
}

/** Values of most types may wait for the environment. */
const orDeferred: ValueForm = (schema: TSchema, type) =>
  type === 'string' || type === 'module_ref' ? schema : Type.Union([schema, Type.Ref('deferred')]);

/** Without the rules that hold only for modules written in place: a plan shows both kinds alike. */
function everywhere(entry: ModuleSpec): ModuleSpec {
  const rules = entry.rules?.filter((rule) => !('only' in rule));
  return rules === undefined ? entry : { ...entry, rules };
}

/** The whole schema, for people and programs that read plans. */
export function planSchemaFile(): Outputs {
  const defs: { [name: string]: SchemaLiteral } = {
    ...frame,
    deferred: object({ $deferred: object({ type: text, args: { type: 'array', items: text } }) }),
  };
  for (const name of Object.keys(blocks)) if (isBlockName(name)) defs[name] = local(blockSchema(name, orDeferred));
  const modules: SchemaLiteral[] = [];
  for (const entry of allModules()) {
    defs[`config.${entry.name}`] = local(bodySchema(everywhere(entry), orDeferred));
    const config = { properties: { config: ref(`config.${entry.name}`) } };
    modules.push(choice({ properties: { module: { const: entry.name } } }, config));
  }
  defs.module = { ...moduleFrame({ type: 'object' }), allOf: modules };
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'maddyc plan',
    description: 'What `maddyc compile` writes and `maddyc run` reads. Durations are milliseconds, sizes bytes.',
    ...planFrame(local(bodySchema(globals, orDeferred))),
    $defs: defs,
  };
  return new Map([['docs/reference/plan.schema.json', `${JSON.stringify(schema, null, 1)}\n`]]);
}

/** References of the catalog's schemas go by name; here they become pointers into this document. */
function local(schema: SchemaLiteral): SchemaLiteral {
  const text = JSON.stringify(schema, (key, value: unknown) =>
    key === '$ref' && typeof value === 'string' && !value.startsWith('#') ? `#/$defs/${value}` : value,
  );
  return JSON.parse(text);
}
