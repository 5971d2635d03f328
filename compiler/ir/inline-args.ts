import type { InlineArg, InlineArgs, ModuleSpec } from '../catalog/define.ts';
import type { ExpandedArg, ExpandedDirective } from '../expand/expanded.ts';
import { argumentsIgnored } from './codes/names.ts';
import { argumentCount, conflict, missingPart, noInlineArguments } from './codes/values.ts';
import { atLine, type Finding, finding, type Wording } from './finding.ts';
import type { Value } from './ir.ts';
import type { Properties } from './properties.ts';
import { spanOf } from './words.ts';

type Positional = Extract<InlineArgs, { readonly rule: 'positional' }>;

/** Arguments after a module's name, sorted under the keys that take them; merged into the block's own by `mergeArgs`. */
export type Folded = ReadonlyMap<string, string | readonly string[]>;

const nothing: Folded = new Map();

/** `named`: the module is a block of its own, which never has inline arguments. */
export function foldArgs(
  entry: ModuleSpec,
  header: ExpandedDirective,
  args: readonly ExpandedArg[],
  out: Finding[],
): Folded {
  const { inlineArgs } = entry;
  const [first] = args;
  switch (inlineArgs.rule) {
    case 'addresses':
    case 'module':
      return nothing;
    case 'ignored':
      if (first !== undefined && entry.unknown !== 'ignored') out.push(readOver(entry, header, first));
      return nothing;
    case 'refused':
      if (first !== undefined) out.push(refused(entry, first, inlineArgs.error));
      return nothing;
    case 'positional':
      return foldPositional(entry, header, inlineArgs, args, out);
  }
}

function foldPositional(
  entry: ModuleSpec,
  header: ExpandedDirective,
  spec: Positional,
  args: readonly ExpandedArg[],
  out: Finding[],
): Folded {
  const words = args.map((arg) => arg.value);
  if (spec.combine === 'pairs') return foldPairs(entry, spec, args, out);
  const repeated = spec.args.findIndex((arg) => arg.repeated === true);
  const before = repeated === -1 ? spec.args : spec.args.slice(0, repeated);
  const after = repeated === -1 ? [] : spec.args.slice(repeated + 1);
  const surplus = args[before.length];
  if (repeated === -1 && surplus !== undefined) {
    out.push(tooMany(entry, header, surplus, spec));
    return nothing;
  }
  const required = spec.args.filter((arg) => arg.required === true);
  if (words.length < required.length) {
    out.push(missingArguments(entry, header, spec, required));
    return nothing;
  }
  if (spec.tooFew !== undefined && words.length > 0 && words.length < spec.args.length) {
    out.push(tooFew(entry, header, spec));
    return nothing;
  }
  const folded = new Map<string, string | readonly string[]>();
  for (const [index, arg] of before.entries()) put(folded, arg, words[index]);
  const middle = spec.args[repeated];
  if (middle !== undefined) {
    const rest = words.slice(before.length, words.length - after.length);
    if (rest.length > 0) folded.set(middle.into, rest);
  }
  for (const [index, arg] of after.entries()) put(folded, arg, words[words.length - after.length + index]);
  return folded;
}

function put(folded: Map<string, string | readonly string[]>, arg: InlineArg, word: string | undefined): void {
  if (word !== undefined) folded.set(arg.into, word);
}

function foldPairs(entry: ModuleSpec, spec: Positional, args: readonly ExpandedArg[], out: Finding[]): Folded {
  const [first, second] = spec.args;
  const last = args.at(-1);
  if (first === undefined || second === undefined || last === undefined) return nothing;
  if (args.length % 2 === 1) {
    out.push(
      finding(
        argumentCount,
        last.origin,
        {
          message: `${entry.name} takes pairs of ${first.name} and ${second.name}`,
          label: `its ${second.name} is missing`,
          details: [
            `Write the two one after the other: ${first.name.toUpperCase()} ${second.name.toUpperCase()}`,
            ...(last.value === 'off' && args.length === 1 ? ['Without TLS it is: tls off'] : []),
          ],
        },
        spec.clash ?? null,
      ),
    );
    return nothing;
  }
  return new Map([
    [first.into, args.filter((_, index) => index % 2 === 0).map((arg) => arg.value)],
    [second.into, args.filter((_, index) => index % 2 === 1).map((arg) => arg.value)],
  ]);
}

/** Puts the arguments beside what the block says, as the module wants it. */
export function mergeArgs(
  entry: ModuleSpec,
  header: ExpandedDirective,
  folded: Folded,
  properties: Properties,
  out: Finding[],
): void {
  const { inlineArgs } = entry;
  if (inlineArgs.rule !== 'positional') return;
  for (const [key, value] of folded) {
    const own = properties.get(key);
    if (own === undefined) {
      properties.set(key, { value: listed(entry, key, value), written: [], unreadable: false });
      continue;
    }
    if (own.unreadable) continue;
    if (inlineArgs.combine === 'exclusive') out.push(givenTwice(entry, header, key, inlineArgs.clash));
    if (inlineArgs.combine === 'append' || inlineArgs.combine === 'pairs') {
      const inside = Array.isArray(own.value) ? own.value : [];
      const added = typeof value === 'string' ? [value] : value;
      const merged: readonly Value[] = inlineArgs.combine === 'append' ? [...inside, ...added] : [...added, ...inside];
      properties.set(key, { value: merged, written: own.written, unreadable: false });
    }
  }
}

/** A key that a directive fills with one word takes one, whatever the argument looks like. */
function listed(entry: ModuleSpec, key: string, value: string | readonly string[]): Value {
  const type = entry.directives[key]?.type;
  return typeof value === 'string' && (type === 'string_list' || type === 'endpoint_list') ? [value] : value;
}

function readOver(entry: ModuleSpec, header: ExpandedDirective, first: ExpandedArg): Finding {
  return finding(argumentsIgnored, first.origin, {
    message: `${entry.name} takes no arguments: they are read over`,
    label: 'has no effect',
    details: [
      `If "${first.value}" was meant as a name: only blocks at the top level have names. Write ${entry.name} ${first.value} { … } there, and ${header.name} &${first.value} here.`,
    ],
  });
}

function refused(entry: ModuleSpec, first: ExpandedArg, error: string): Finding {
  return finding(
    noInlineArguments,
    first.origin,
    {
      message: `${entry.name} takes no arguments`,
      details: [`It is set up by directives in its block: ${entry.name.slice(entry.name.lastIndexOf('.') + 1)} { … }`],
    },
    error,
  );
}

function usage(entry: ModuleSpec, spec: Positional): string {
  const words = spec.args.map((arg) => {
    const word = `${arg.name.toUpperCase()}${arg.repeated === true ? '…' : ''}`;
    return arg.required === true ? word : `[${word}]`;
  });
  return `${entry.name.slice(entry.name.lastIndexOf('.') + 1)} ${words.join(' ')}`;
}

function tooMany(entry: ModuleSpec, header: ExpandedDirective, surplus: ExpandedArg, spec: Positional): Finding {
  const wording: Wording = {
    message: `${entry.name} has too many arguments`,
    details: [`It is written ${usage(entry, spec)}`],
  };
  return finding(argumentCount, surplus.origin ?? header.origin, wording, spec.tooMany ?? null);
}

function tooFew(entry: ModuleSpec, header: ExpandedDirective, spec: Positional): Finding {
  return finding(
    argumentCount,
    spanOf(header),
    {
      message: `${entry.name} has too few arguments`,
      details: [`It is written ${usage(entry, spec)}; the values can also stand in its block.`],
    },
    spec.tooFew ?? null,
  );
}

function missingArguments(
  entry: ModuleSpec,
  header: ExpandedDirective,
  spec: Positional,
  required: readonly InlineArg[],
): Finding {
  const text = spec.missing === undefined || spec.missing === null ? '(crash) index out of range' : spec.missing;
  return finding(
    missingPart,
    header.origin,
    {
      message: `${entry.name} needs ${required.map((arg) => `a ${arg.name}`).join(' and ')}`,
      details: [
        `It is written in place: ${usage(entry, spec)}. A named block cannot have arguments, so it cannot be used as one.`,
      ],
    },
    spec.missingAt === 'directive' ? atLine(header, text) : text,
  );
}

function givenTwice(entry: ModuleSpec, header: ExpandedDirective, key: string, text: string | undefined): Finding {
  return finding(
    conflict,
    spanOf(header),
    {
      message: `${entry.name} has its ${key} twice`,
      label: 'as argument here, and as directive in the block',
      details: ['Keep one of the two.'],
    },
    text ?? null,
  );
}
