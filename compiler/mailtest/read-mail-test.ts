import { Value } from 'typebox/value';
import { type Alias, type Document, LineCounter, parseDocument, visit } from 'yaml';
import type { Position } from '../source/source-file.ts';
import { nearest } from '../text/nearest.ts';
import { listOf } from './list-of.ts';
import { type ExpectedOutcome, type MailTest, mailTestSchema } from './schema.ts';
import { YamlText } from './yaml-text.ts';

/** What is wrong with a test file, and where. */
export interface FileProblem {
  readonly message: string;
  readonly at: Position;
}

export type MailTestReading =
  | { readonly ok: true; readonly test: MailTest; readonly document: MailTestDocument }
  | { readonly ok: false; readonly problems: readonly FileProblem[] };

/** The text behind a test, for places and for writing expectations into it. */
export interface MailTestDocument {
  /** Where a value stands; of what is not there, the next thing around it. */
  placeOf(path: readonly (string | number)[]): Position;
  /** The text with values put in as `key` of the maps at these paths; everything else stays to the letter. */
  withValues(key: string, values: readonly MapValue[]): string;
}

export interface MapValue {
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

/** Aliases may multiply; a test file has few. */
const mostAliases = 100;

export function readMailTest(text: string): MailTestReading {
  const lines = new LineCounter();
  const yaml = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const document = new YamlText(text, yaml, lines);
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  if (yaml.errors.length > 0) {
    return { ok: false, problems: yaml.errors.map(({ message, pos }) => ({ message, at: at(pos[0]) })) };
  }
  const lost = unresolvedAlias(yaml);
  if (lost !== null) {
    const message = `*${lost.source} stands for something that is named &${lost.source} before it, and nothing is`;
    return { ok: false, problems: [{ message, at: at(lost.range?.[0] ?? 0) }] };
  }
  const value = plainValue(yaml);
  if (value instanceof ReferenceError) {
    return { ok: false, problems: [{ message: 'too many aliases (*name): write the values out', at: at(0) }] };
  }
  if (value === null || value === undefined) {
    return { ok: false, problems: [{ message: 'the file is empty: it needs cases or policies', at: at(0) }] };
  }
  if (!Value.Check(mailTestSchema, value)) return { ok: false, problems: shapeProblems(value, document) };
  const problems = meaningProblems(value, document);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, test: value, document };
}

type ShapeError = ReturnType<typeof Value.Errors>[number];

function unresolvedAlias(yaml: Document): Alias | null {
  let found: Alias | null = null;
  visit(yaml, {
    Alias(_, alias) {
      if (alias.resolve(yaml) !== undefined) return undefined;
      found = alias;
      return visit.BREAK;
    },
  });
  return found;
}

/** The parser refuses aliases that would grow without end. */
function plainValue(yaml: Document): unknown {
  try {
    return yaml.toJS({ maxAliasCount: mostAliases });
  } catch (error) {
    if (error instanceof ReferenceError) return error;
    throw error;
  }
}

function shapeProblems(value: unknown, document: MailTestDocument): readonly FileProblem[] {
  const errors = Value.Errors(mailTestSchema, value).filter(({ keyword }) => keyword !== 'additionalProperties');
  const seen = new Set<string>();
  return errors.flatMap((error): FileProblem[] => {
    const union = unionOf(error);
    // A choice that one alternative nearly fits: what is wrong with that one says more.
    if (union !== null && errors.some((other) => isInside(other, error) && unionOf(other) === null)) return [];
    if (seen.has(error.instancePath)) return [];
    seen.add(error.instancePath);
    const path = error.instancePath
      .split('/')
      .slice(1)
      .map((part) => (/^\d+$/.test(part) ? Number(part) : part.replaceAll('~1', '/').replaceAll('~0', '~')));
    return [{ message: messageOf(error, union, path), at: document.placeOf(path) }];
  });
}

/** Path of the choice none of whose alternatives is of the value's kind; null for other errors. */
function unionOf({ keyword, schemaPath }: ShapeError): string | null {
  if (keyword === 'anyOf') return schemaPath;
  const alternative = /^(.*)\/anyOf\/\d+$/.exec(schemaPath);
  return alternative?.[1] !== undefined && ['type', 'enum', 'const', 'minimum', 'maximum'].includes(keyword)
    ? alternative[1]
    : null;
}

function isInside({ instancePath }: ShapeError, around: ShapeError): boolean {
  return instancePath === around.instancePath || instancePath.startsWith(`${around.instancePath}/`);
}

function messageOf(error: ShapeError, union: string | null, path: readonly (string | number)[]): string {
  const { keyword, schemaPath, params, message } = error;
  if (union !== null) return `${describe(path)} does not fit${descriptionOf(schemaAt(union))}`;
  switch (keyword) {
    case 'boolean': {
      const name = String(path.at(-1) ?? '');
      const known = Object.keys(propertiesOf(schemaAt(schemaPath.replace(/\/additionalProperties$/, ''))));
      const best = nearest(name, known);
      return `unknown key "${name}"${best === null ? `; known here: ${known.join(', ')}` : `; did you mean "${best}"?`}`;
    }
    case 'required':
      return `${describe(path)} lacks ${'requiredProperties' in params ? params.requiredProperties.join(', ') : 'something'}`;
    default:
      return `${describe(path)} ${message}${descriptionOf(schemaAt(schemaPath))}`;
  }
}

function describe(path: readonly (string | number)[]): string {
  const last = path.at(-1);
  if (last === undefined) return 'the file';
  return typeof last === 'number' ? `entry ${last + 1} of ${String(path.at(-2) ?? 'the file')}` : `"${last}"`;
}

function schemaAt(pointer: string): unknown {
  let schema: unknown = mailTestSchema;
  for (const part of pointer.split('/').slice(1)) {
    if (typeof schema !== 'object' || schema === null) return null;
    schema = Object.entries(schema).find(([key]) => key === part)?.[1];
  }
  return schema;
}

function propertiesOf(schema: unknown): object {
  const isObject = typeof schema === 'object' && schema !== null && 'properties' in schema;
  return isObject && typeof schema.properties === 'object' && schema.properties !== null ? schema.properties : {};
}

function descriptionOf(schema: unknown): string {
  const isDescribed = typeof schema === 'object' && schema !== null && 'description' in schema;
  return isDescribed ? `: ${String(schema.description)}` : '';
}

/** What the shape alone does not say: one outcome, and replies that are replies. */
function meaningProblems(test: MailTest, document: MailTestDocument): readonly FileProblem[] {
  const problems: FileProblem[] = [];
  const outcome = (expected: ExpectedOutcome, path: readonly (string | number)[], isWhole: boolean): void => {
    const said = (['delivered', 'rejected', 'deferred'] as const).filter((key) => expected[key] !== undefined);
    if (said.length !== 1 && !(isWhole && said.length === 0)) {
      const message = 'write one of delivered, rejected, deferred';
      problems.push({ message, at: document.placeOf(path) });
    }
    for (const key of ['rejected', 'deferred'] as const) {
      const reply = expected[key];
      const first = key === 'rejected' ? '5' : '4';
      if (reply === undefined || reply === true) continue;
      if (!new RegExp(`^${first}\\d\\d( ${first}\\.\\d{1,3}\\.\\d{1,3}( .*)?)?$`, 's').test(String(reply))) {
        const message = `"${key}" must be a code from ${first}00, with enhanced code and text or without: "${first}50 ${first}.7.1 text"`;
        problems.push({ message, at: document.placeOf([...path, key]) });
      }
    }
  };
  for (const [index, { expect, to }] of (test.cases ?? []).entries()) {
    if (expect === undefined) continue;
    const path = ['cases', index, 'expect'];
    outcome(expect, path, expect.recipients !== undefined);
    for (const [recipient, own] of Object.entries(expect.recipients ?? {})) {
      outcome(own, [...path, 'recipients', recipient], false);
      if (!listOf(to).includes(recipient)) {
        const message = `${recipient} is no recipient of this case`;
        problems.push({ message, at: document.placeOf([...path, 'recipients', recipient]) });
      }
    }
  }
  for (const [index, policy] of (test.policies ?? []).entries()) {
    if (typeof policy !== 'string') outcome(policy.expect, ['policies', index, 'expect'], false);
  }
  return problems;
}
