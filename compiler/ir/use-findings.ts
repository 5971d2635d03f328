import { findModule, knows, lookUpModule } from '../catalog/catalog.ts';
import type { ModuleSpec } from '../catalog/define.ts';
import { type InterfaceSpec, interfaces, type WantedInterface } from '../catalog/interfaces.ts';
import type { ExpandedArg, ExpandedDirective } from '../expand/expanded.ts';
import type { SourceFile } from '../source/source-file.ts';
import {
  globalReference,
  nameNotRegistered,
  notInMaddy,
  oldName,
  placeholder,
  undefinedReference,
  unknownName,
} from './codes/names.ts';
import type { Context } from './context.ts';
import { atLine, type Finding, finding, replacement } from './finding.ts';
import type { NamedModule } from './registry.ts';
import { correction, listed, moduleNamesFor, oldNameOf, placeOfOldNames, suggest, usualModuleOf } from './suggest.ts';
import type { UsePlace } from './uses.ts';
import { capital } from './words.ts';

/** What is said about names that a place for a module uses. */

export function undefinedFinding(
  context: Context,
  expects: WantedInterface,
  word: ExpandedArg,
  directive: ExpandedDirective,
): Finding {
  const name = word.value.slice(1);
  const wanted: InterfaceSpec = interfaces[expects];
  const fitting = context.suggestionsLeft > 0 ? blocksFor(context, expects) : [];
  const names = fitting.map((block) => block.name);
  const escaped = /^amp;(.*)$/.exec(name)?.[1];
  const best = escaped !== undefined && names.includes(escaped) ? escaped : suggest(context, name, () => names);
  if (best !== null) context.meant.add(best);
  const maddy = context.dialect === 'maddy' ? 'no such instance registered' : `unknown config block: ${name}`;
  const details = [consequence(directive, name)];
  if (escaped !== undefined) details.push('"&amp;" is how web pages write "&": remove "amp;".');
  if (names.length > 0) {
    const shown = fitting.map((each) => `&${each.name} (${lineSeenFrom(word.origin.file, each.header)})`);
    details.push(`${capital(wanted.plural)} here: ${listed(shown)}.`);
  } else if (context.suggestionsLeft > 0) {
    details.push(`No block here is ${wanted.words}: add one at the top level of the file${usualModule(name)}.`);
  }
  return finding(
    undefinedReference,
    word.origin,
    {
      message: `no block named "${name}"`,
      label: 'defined neither here nor in an import',
      details,
      ...correction(word.origin, name, best, `&${best}`),
    },
    maddy,
    // The block is there, and what is wrong with it is said at the block.
    context.registry.isUnreadable(name) ? 'nobody' : 'everybody',
  );
}

/** `line 12`, or `common.conf:12` when it stands in another file. */
function lineSeenFrom(file: SourceFile, { origin, line }: ExpandedDirective): string {
  return origin.file === file ? `line ${line}` : `${origin.file.path}:${line}`;
}

/** Named blocks that a place could refer to. */
export function blocksFor(context: Context, expects: WantedInterface): readonly NamedModule[] {
  return [...context.registry.blocks.values()].filter((block) => block.entry.implements.includes(expects));
}

function usualModule(name: string): string {
  const module = usualModuleOf(name);
  return module === null ? `, named ${name}` : `: in maddy's documentation this is ${module} ${name} { … }`;
}

function consequence(directive: ExpandedDirective, name: string): string {
  switch (directive.name) {
    case 'deliver_to':
    case 'target':
      return 'Mail that gets here has nowhere to go; maddy refuses to start.';
    case 'auth':
      return 'Nobody could log in; maddy refuses to start.';
    default:
      return `maddy refuses to start, without saying that it is about "${name}".`;
  }
}

export function unknownModule(context: Context, place: UsePlace, word: ExpandedArg): Finding {
  const wanted: InterfaceSpec = interfaces[place.expects];
  const maddy = `unknown module: ${word.value} (namespace: ${wanted.namespace})`;
  if (isPlaceholder(word.value)) return placeholderFinding(word, maddy);
  const where = placeOfOldNames(place.expects);
  const old = where === null ? undefined : oldNameOf(word.value, where);
  if (old !== undefined) return oldNameFinding(word, old.use, old.hint, maddy);
  if (context.registry.find(word.value) !== undefined) return forgottenAmpersand(context, word, maddy);
  if (place.expects === 'tls_loader' && word.value.startsWith('/')) return forgottenLoader(word, maddy);
  const prefixed = lookUpModule(word.value.slice(word.value.lastIndexOf('.') + 1), wanted.namespace, context.dialect);
  const names = moduleNamesFor(place.expects, context.dialect);
  const best =
    prefixed?.implements.includes(place.expects) === true
      ? shortest(prefixed, wanted)
      : suggest(context, word.value, () => names);
  const elsewhere = findModule(word.value);
  return finding(
    unknownName,
    word.origin,
    {
      message: `unknown module "${word.value}": ${
        place.directive.name === word.value
          ? `${wanted.words} must stand here`
          : `${place.directive.name} needs ${wanted.words}`
      }`,
      ...correction(word.origin, word.value, best),
      details: [
        ...(elsewhere !== undefined && !knows(elsewhere, context.dialect) ? [elsewhereWords(context)] : []),
        ...replacementWords(place),
        `Known here: ${listed(names, 12)}.`,
      ],
    },
    maddy,
  );
}

/** Releases before 0.5, and tutorials of their time, have `replace_rcpt KEY VALUE`. */
function replacementWords({ directive, args }: UsePlace): readonly string[] {
  if (!directive.name.startsWith('replace_') || args.length !== 2) return [];
  const [key, value] = args.map((arg) => arg.value);
  return [`A single address is replaced by a table in place: ${directive.name} static { entry ${key} ${value} }`];
}

/** The module exists, but not in this dialect. */
function elsewhereWords(context: Context): string {
  return context.dialect === 'maddy'
    ? 'Only Madmail has this module.'
    : 'Madmail does not have this module: maddy does. A login against Dovecot, LDAP or PAM needs maddy.';
}

function shortest(entry: ModuleSpec, wanted: InterfaceSpec): string {
  const prefix = `${wanted.namespace}.`;
  return wanted.namespace !== '' && entry.name.startsWith(prefix) ? entry.name.slice(prefix.length) : entry.name;
}

/** What guides write where the reader has to fill something in. */
export function isPlaceholder(word: string): boolean {
  return /^(\.\.\.|…|<[^<>]+>)$/.test(word);
}

export function placeholderFinding(word: ExpandedArg, maddy: string): Finding {
  return finding(
    placeholder,
    word.origin,
    {
      message: 'placeholder left from the documentation',
      label: 'something was left out here',
      details: ['Guides write "..." or "<name>" for what the reader has to fill in. Put that in, or remove the line.'],
    },
    maddy,
  );
}

export function oldNameFinding(
  word: ExpandedArg,
  use: string | null,
  hint: string | undefined,
  maddy: string,
): Finding {
  return finding(
    oldName,
    word.origin,
    {
      message: use === null ? `"${word.value}" does not exist any more` : `"${word.value}" is now ${use}`,
      details: [hint ?? `maddy 0.9.4 refuses the old name: write ${use}.`],
      fixes: use === null ? [] : replacement(`write ${use}`, word.origin, use, true),
    },
    maddy,
  );
}

function forgottenAmpersand(context: Context, word: ExpandedArg, maddy: string): Finding {
  context.meant.add(word.value);
  return finding(
    unknownName,
    word.origin,
    {
      message: `unknown module "${word.value}", but there is a block of this name`,
      label: `did you mean &${word.value}?`,
      details: ['A reference to a block begins with "&"; without it the word names a module.'],
      fixes: replacement(`write &${word.value}`, word.origin, `&${word.value}`, true),
    },
    maddy,
  );
}

function forgottenLoader(word: ExpandedArg, maddy: string): Finding {
  return finding(
    unknownName,
    word.origin,
    {
      message: `unknown source of certificates "${word.value}"`,
      label: 'write "file" before the paths',
      details: ['Since 0.5 the kind of source comes first: tls file CERTIFICATE KEY'],
      fixes: replacement('write tls file …', word.origin, `file ${word.value}`, true),
    },
    maddy,
  );
}

/** D19: maddy 0.9.4 does not know what maddyc adds. */
export function foreignName(context: Context, entry: ModuleSpec, word: ExpandedArg): readonly Finding[] {
  if (entry.extension !== true || context.dialect !== 'maddy') return [];
  return [
    finding(
      notInMaddy,
      word.origin,
      {
        message: `maddy 0.9.4 does not have ${entry.name}`,
        details: ['It is an extension of maddyc: maddy refuses a file that uses it.'],
      },
      `unknown module: ${word.value} (namespace: ${entry.name.slice(0, entry.name.lastIndexOf('.'))})`,
      'as-maddy',
    ),
  ];
}

export function foreignDirective(directive: ExpandedDirective): Finding {
  return finding(
    notInMaddy,
    directive.origin,
    {
      message: `maddy 0.9.4 does not have ${directive.name} here`,
      details: ['It is an extension of maddyc: maddy refuses a file that uses it.'],
    },
    atLine(directive, `unexpected directive: ${directive.name}`),
    'as-maddy',
  );
}

export function globalReferenceFinding(directive: ExpandedDirective, word: ExpandedArg): Finding {
  return finding(
    globalReference,
    word.origin,
    {
      message: `maddy cannot use ${word.value} in the global "${directive.name}"`,
      details: [
        'maddy 0.9.4 reads global directives before it knows any block, wherever they stand: "no such instance registered".',
        `Write the module here in place, or put ${directive.name} ${word.value} into each endpoint.`,
      ],
    },
    'no such instance registered',
    'as-maddy',
  );
}

export function unregisteredFinding(block: NamedModule, word: ExpandedArg): Finding {
  return finding(
    nameNotRegistered,
    word.origin,
    {
      message: `maddy files this block as "${block.entry.name}", not as "${block.name}"`,
      details: [
        `maddy 0.9.4 ignores the written name of ${block.entry.name} blocks: "no such instance registered".`,
        'Write the table here in place, or as a step of a table.chain block, whose name works.',
      ],
      related: [{ file: block.header.origin.file, range: block.header.origin.range, message: 'defined here' }],
    },
    'no such instance registered',
    'as-maddy',
  );
}
