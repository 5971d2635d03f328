import type { BodySpec, Constraint } from '../catalog/define.ts';
import { exampleOf } from '../catalog/example.ts';
import { provenance } from '../diagnostics/provenance.ts';
import type { ExpandedArg, ExpandedDirective } from '../expand/expanded.ts';
import { type ValidationError, type Validator, validators } from '../generated/config-validators.js';
import type { Origin } from '../source/origin.ts';
import { namedChecks } from './checks/checks.ts';
import { constraintCodes } from './codes/constraint-codes.ts';
import { missingDirective } from './codes/names.ts';
import { outOfRange } from './codes/values.ts';
import type { Context } from './context.ts';
import { atLine, type Finding, finding, unsaid } from './finding.ts';
import { isDeferred, isList, type Property, type Value } from './ir.ts';
import { isMisspelt } from './misspelt.ts';
import { fieldsOf } from './nested.ts';
import type { Properties } from './properties.ts';
import { correction, suggest } from './suggest.ts';
import { dependsOnEnvironment, spanOf } from './words.ts';

export interface Subject {
  readonly spec: BodySpec & { readonly name?: string };
  readonly header: ExpandedDirective;
  /** Name of a block; null for what is written in place. */
  readonly name: string | null;
  readonly args: readonly ExpandedArg[];
}

/**
 * Holds the properties of a block against its schema, compiled from the catalog: what is required, ranges, and conditions
 * over several directives. maddy's order: missing directives, then the conditions as the entry lists them. The result is
 * maddy's text where a condition hides the mistakes inside the block.
 */
export function validate(
  context: Context,
  subject: Subject,
  properties: Properties,
  early: Finding[],
  out: Finding[],
  validator: Validator | undefined = validators[subject.spec.name ?? '<globals>'],
): string | null {
  const errors = errorsOf(validator, properties);
  const broken = errors.length === 0 ? none : brokenRules(errors);
  if (errors.length > 0) {
    out.push(...missing(context, subject, properties, errors), ...ranges(subject, properties, errors));
  }
  let hiding: string | null = null;
  let index = 0;
  for (const rule of subject.spec.rules ?? []) {
    const isBroken = broken.has(index);
    index += 1;
    if ('check' in rule) out.push(...namedChecks(context, subject, rule, properties));
    else if (isBroken && applies(rule, subject, properties)) {
      const found = brokenFinding(context, subject, rule, properties);
      (rule.early === true ? early : out).push(follows(rule, subject, properties) ? unsaid(found) : found);
    } else if (isBroken && rule.early === true) hiding = rule.maddy ?? null;
  }
  return hiding;
}

const none: ReadonlySet<number> = new Set();

/** Their numbers in the list of the entry. */
function brokenRules(errors: readonly ValidationError[]): ReadonlySet<number> {
  const broken = new Set<number>();
  for (const error of errors) {
    const rule = /^#\/allOf\/(\d+)\//.exec(error.schemaPath)?.[1];
    if (rule !== undefined) broken.add(Number(rule));
  }
  return broken;
}

function errorsOf(validator: Validator | undefined, properties: Properties): readonly ValidationError[] {
  return validator === undefined || validator(fieldsOf(properties)) ? [] : (validator.errors ?? []);
}

function missing(
  context: Context,
  subject: Subject,
  properties: Properties,
  errors: readonly ValidationError[],
): readonly Finding[] {
  const names = errors
    .filter((error) => error.schemaPath === '#/required')
    .map((error) => String(error.params.missingProperty))
    .filter((name) => properties.get(name)?.unreadable !== true);
  return names.map((name) => {
    const found = missingFinding(context, subject, name);
    return isMisspelt(subject.spec, subject.header.block, name) ? unsaid(found) : found;
  });
}

function missingFinding(context: Context, subject: Subject, name: string): Finding {
  const { spec, header } = subject;
  const row = spec.directives[name];
  const inherited = row?.inheritsGlobal === true && !context.readingGlobals;
  const example = row === undefined ? name : exampleOf(name, row);
  const found = finding(
    missingDirective,
    placeOfSubject(subject),
    {
      message: `${nameOfSubject(subject)} lacks ${name}`,
      label: inherited
        ? `${name} must be set here, or at the top of the file for all blocks`
        : `${name} must be set here`,
      details: [
        ...(row === undefined ? [] : [row.doc.replaceAll('`', '"')]),
        `maddy refuses to start without it. For example: ${example}`,
      ],
    },
    atLine(header, `missing required directive: ${name}`),
  );
  return inherited ? { ...found, lacks: name } : found;
}

/** The word that names the module: the first one of a block, the argument where it is written in place. */
export function placeOfSubject({ header, args }: Subject): Origin {
  const [word] = header.args.length > args.length ? header.args : [];
  return word?.origin ?? header.origin;
}

function nameOfSubject({ spec, header }: Subject): string {
  return 'kind' in spec && spec.name !== undefined ? spec.name : header.name;
}

/** Values that could be read but lie outside of what the schema allows; one finding for each written value. */
function ranges(subject: Subject, properties: Properties, errors: readonly ValidationError[]): readonly Finding[] {
  const found = new Map<string, Finding>();
  for (const error of errors) {
    const [, key, index] = error.instancePath.split('/');
    if (key === undefined || error.schemaPath.startsWith('#/allOf/')) continue;
    if (!/^(exclusiveM|m)(in|ax)imum$/.test(error.keyword)) continue;
    const property = properties.get(key);
    const place = `${key}/${index ?? ''}`;
    if (property === undefined || found.has(place)) continue;
    const row = subject.spec.directives[key];
    const written = property.written[Number(index ?? 0)] ?? property.written[0];
    if (written === undefined) continue;
    found.set(place, rangeFinding(written, error, row?.outOfRange));
  }
  return [...found.values()];
}

function rangeFinding(written: ExpandedDirective, error: ValidationError, maddy: string | undefined): Finding {
  const limit = Number(error.params.limit);
  const atLeast = /^(exclusiveM|m)in/.test(error.keyword);
  const words =
    Math.abs(limit) === Number.MAX_VALUE ? 'a finite number' : `${atLeast ? 'at least' : 'at most'} ${limit}`;
  return finding(
    outOfRange,
    written.args.at(-1)?.origin ?? written.origin,
    {
      message: `${written.name} is ${atLeast ? 'too small' : 'too large'}`,
      label: `must be ${words}`,
      details: [
        maddy === undefined
          ? 'maddy takes the number as it is, and fails or misbehaves when it is used.'
          : 'maddy crashes when it starts with this value.',
      ],
    },
    maddy ?? null,
  );
}

/** A condition says nothing where a value that it is about could not be read, or is known only at `run`. */
function applies(rule: Constraint, { name }: Subject, properties: Properties): boolean {
  if (rule.only === 'inline' && name !== null) return false;
  if (rule.only === 'named' && name === null) return false;
  return rule.about.every((key) => {
    const property = properties.get(key);
    return property === undefined || (!property.unreadable && !holdsDeferred(property.value));
  });
}

/** From the name of something that it is about, which is refused. */
function follows(rule: Constraint, { spec, header }: Subject, properties: Properties): boolean {
  return rule.about.some(
    (key) => (properties.get(key)?.written ?? []).length === 0 && isMisspelt(spec, header.block, key),
  );
}

function holdsDeferred(value: Value | undefined): boolean {
  if (isList(value)) return value.some(holdsDeferred);
  return isDeferred(value) || (typeof value === 'string' && dependsOnEnvironment(value));
}

function brokenFinding(context: Context, subject: Subject, rule: Constraint, properties: Properties): Finding {
  const { header } = subject;
  const written = rule.about.map((key) => properties.get(key)?.written[0]).find((each) => each !== undefined);
  const fill = (text: string): string =>
    text.replaceAll(/\{(\w+)\}/g, (whole, key: string) => filled(key, subject, properties.get(key)) ?? whole);
  return finding(
    constraintCodes[rule.kind],
    written === undefined ? placeOfSubject(subject) : spanOf(written),
    {
      message: fill(rule.message),
      details: rule.details,
      ...meantValue(context, subject, rule, properties),
      related: written?.args.flatMap(({ origin }) => provenance(origin, written.origin.via)) ?? [],
    },
    maddyText(rule, written ?? header, header, fill),
  );
}

/** The value that was probably meant, of a directive that knows the usual ones. */
function meantValue(
  context: Context,
  { spec }: Subject,
  rule: Constraint,
  properties: Properties,
): ReturnType<typeof correction> {
  const [key = '', another] = rule.about;
  const values = spec.directives[key]?.values;
  const [arg, surplus] = properties.get(key)?.written[0]?.args ?? [];
  if (rule.kind !== 'value' || another !== undefined || values === undefined) return {};
  if (arg === undefined || surplus !== undefined || values.includes(arg.value)) return {};
  return correction(
    arg.origin,
    arg.value,
    suggest(context, arg.value, () => values),
  );
}

function filled(key: string, { spec, header }: Subject, property: Property | undefined): string | null {
  if (key === 'module') return spec.name ?? header.name;
  return property === undefined ? null : String(property.value);
}

function maddyText(
  rule: Constraint,
  key: ExpandedDirective,
  header: ExpandedDirective,
  fill: (text: string) => string,
): string | null {
  if (rule.maddy === undefined) return null;
  const text = fill(rule.maddy);
  if (rule.maddyAt === undefined) return text;
  return atLine(rule.maddyAt === 'key' ? key : header, text);
}
