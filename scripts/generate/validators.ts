import { Ajv, type AnySchemaObject } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import { build } from 'esbuild';
import { blocks, isBlockName } from '../../compiler/catalog/blocks.ts';
import { allModules } from '../../compiler/catalog/catalog.ts';
import type { SchemaLiteral } from '../../compiler/catalog/define.ts';
import { globals } from '../../compiler/catalog/globals.ts';
import type { BodySchema } from '../../compiler/catalog/schema.ts';
import { afterReading, asItIs, blockSchema, bodySchema, type ValueForm } from '../../compiler/catalog/schema.ts';
import type { Outputs } from '../generate.ts';
import { planStructure } from './plan-schema.ts';

const declarations = `/** Made by scripts/generate.ts from the catalog. */
export interface ValidationError {
  readonly keyword: string;
  /** JSON pointer to the value. */
  readonly instancePath: string;
  /** Pointer into the schema: \`#/required\`, \`#/allOf/INDEX/…\` for the conditions of an entry. */
  readonly schemaPath: string;
  readonly params: Readonly<Record<string, unknown>>;
}

export interface Validator {
  (data: unknown): boolean;
  errors?: readonly ValidationError[] | null;
}
`;

/** Schemas compiled to plain functions: a browser's policy or ours may forbid to make functions at run time. */
export async function validatorFiles(root: string): Promise<Outputs> {
  return new Map([
    ['compiler/generated/config-validators.js', await bundled(root, configValidators(afterReading))],
    [
      'compiler/generated/config-validators.d.ts',
      `${declarations}\n/** By the name of a module or block; \`<globals>\` for the top level. */\nexport declare const validators: { readonly [name: string]: Validator | undefined };\n`,
    ],
    ['compiler/generated/value-validators.js', await bundled(root, configValidators(asItIs))],
    [
      'compiler/generated/value-validators.d.ts',
      `${declarations}\n/** Of configurations that were not read from words, as in a plan; by the name of the module. */\nexport declare const validators: { readonly [name: string]: Validator | undefined };\n`,
    ],
    ['compiler/generated/plan-validator.js', await bundled(root, planValidator())],
    ['compiler/generated/plan-validator.d.ts', `${declarations}\nexport declare const validatePlan: Validator;\n`],
  ]);
}

const standaloneCode = standalone.default;

function newAjv(): Ajv {
  return new Ajv({
    code: { source: true, esm: true },
    allErrors: true,
    messages: false,
    inlineRefs: false,
    strictTypes: false,
    // Infinity and NaN are to be seen as numbers out of range.
    strictNumbers: false,
  });
}

/** One function for each module and block: as a check of a file needs them, or for values that nobody has read. */
function configValidators(form: ValueForm): string {
  const ajv = newAjv();
  ajv.addSchema({ $id: 'use', type: 'object' });
  const names = new Map<string, string>();
  const add = (name: string, schema: BodySchema): void => {
    const said = trimmed(schema);
    if (Object.keys(said).length === 0) return;
    ajv.addSchema({ ...said, $id: name } satisfies AnySchemaObject);
    names.set(`validator${names.size}`, name);
  };
  for (const name of Object.keys(blocks)) if (isBlockName(name)) add(name, blockSchema(name, form));
  add('<globals>', bodySchema(globals, form));
  for (const entry of allModules()) add(entry.name, bodySchema(entry, form));
  const table = [...names].map(([key, name]) => `${JSON.stringify(name)}: ${key}`).join(', ');
  return `${standaloneCode(ajv, Object.fromEntries(names))}\nexport const validators = { ${table} };\n`;
}

/** Without what says nothing: no property, no requirement. */
function trimmed({ type, properties, required, ...rest }: BodySchema): SchemaLiteral {
  const said = Object.entries(properties).filter(([, each]) => !saysNothing(each));
  return {
    ...(said.length === 0 ? {} : { properties: Object.fromEntries(said) }),
    ...(Array.isArray(required) && required.length > 0 ? { required } : {}),
    ...rest,
  };
}

function saysNothing(schema: unknown): boolean {
  if (typeof schema !== 'object' || schema === null) return false;
  const entries = Object.entries(schema);
  return (
    entries.length === 0 || entries.every(([key, value]) => (key === 'type' ? value === 'array' : saysNothing(value)))
  );
}

function planValidator(): string {
  const ajv = newAjv();
  ajv.addSchema({ ...planStructure(), $id: 'plan' });
  return standaloneCode(ajv, { validatePlan: 'plan' });
}

/** Without imports: the few helpers of ajv that the functions use are put in. */
async function bundled(root: string, source: string): Promise<string> {
  const result = await build({
    stdin: { contents: source, resolveDir: root, loader: 'js' },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    target: 'es2024',
    treeShaking: true,
    minify: true,
    legalComments: 'none',
  });
  return result.outputFiles[0]?.text ?? '';
}
