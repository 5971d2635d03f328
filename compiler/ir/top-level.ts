import { findModule, knows, modulesNamed } from '../catalog/catalog.ts';
import type { ModuleSpec } from '../catalog/define.ts';
import type { Interface } from '../catalog/interfaces.ts';
import type { ExpandedArg, ExpandedDirective } from '../expand/expanded.ts';
import {
  blockAlias,
  duplicateBlock,
  emptyName,
  nameFromEnvironment,
  notInMaddy,
  specialBuild,
  unknownName,
} from './codes/names.ts';
import { misplacedDirective } from './codes/structure.ts';
import { type Context, note } from './context.ts';
import { atLine, type Finding, finding } from './finding.ts';
import { NamedModule } from './registry.ts';
import { correction, isPipelineWord, listed, oldNameOf, ownersOf, suggest, topLevelNames } from './suggest.ts';
import { isPlaceholder, oldNameFinding, placeholderFinding } from './use-findings.ts';
import { dependsOnEnvironment } from './words.ts';

/** Files a named block; its first argument is the name, the module's own name stands for none. */
export function registerBlock(context: Context, entry: ModuleSpec, header: ExpandedDirective, out: Finding[]): void {
  note(context, header, { owner: { kind: 'globals' }, module: entry });
  const [word, ...aliases] = header.args;
  const name = word?.value ?? entry.name;
  if (name === '') {
    out.push(nameless(word?.origin ?? header.origin));
    return;
  }
  if (dependsOnEnvironment(name)) out.push(fromEnvironment(word?.origin ?? header.origin));
  out.push(...foreign(context, entry, header));
  const earlier = context.registry.blocks.get(name);
  if (earlier !== undefined) {
    out.push(duplicate(header, word, earlier));
    return;
  }
  const filed = entry.registersAs === undefined ? undefined : context.registry.findAsMaddy(entry.name);
  const block = new NamedModule(name, header, entry);
  if (filed !== undefined) out.push(filedTwice(header, entry, filed));
  context.registry.add(block);
  for (const alias of aliases) addAlias(context, block, alias, out);
}

function addAlias(context: Context, block: NamedModule, alias: ExpandedArg, out: Finding[]): void {
  const earlier = context.registry.blocks.get(alias.value);
  if (earlier !== undefined) {
    out.push(duplicate(block.header, alias, earlier));
    return;
  }
  context.registry.addAlias(alias.value, block);
  if (context.dialect !== 'maddy') return;
  out.push(
    finding(
      blockAlias,
      alias.origin,
      {
        message: 'maddy refuses a block with a second name',
        details: [
          `maddy 0.9.4 says "config block named ${alias.value} already exists".`,
          'Use one name. If this was meant as an argument of the module: a named block takes none, write it as a directive inside.',
        ],
      },
      atLine(block.header, `config block named ${alias.value} already exists`),
      'as-maddy',
    ),
  );
}

function nameless(origin: ExpandedDirective['origin']): Finding {
  return finding(
    emptyName,
    origin,
    {
      message: 'this block has an empty name',
      details: ['maddy crashes on it. Give the block a name that references can use.'],
    },
    '(crash) module with empty instance name cannot be added to the registry',
  );
}

function fromEnvironment(origin: ExpandedDirective['origin']): Finding {
  return finding(nameFromEnvironment, origin, {
    message: 'the name of a block cannot come from the environment',
    details: ['Names are resolved when the configuration is compiled: write the name, or compile with --embed-env.'],
  });
}

function foreign(context: Context, entry: ModuleSpec, header: ExpandedDirective): readonly Finding[] {
  const found: Finding[] = [];
  if (entry.extension === true && context.dialect === 'maddy') {
    const details = ['It is an extension of maddyc: maddy refuses a file that uses it.'];
    const message = `maddy 0.9.4 does not have ${entry.name}`;
    const maddy = atLine(header, `unknown module or global directive: ${entry.name}`);
    found.push(finding(notInMaddy, header.origin, { message, details }, maddy, 'as-maddy'));
  }
  if (entry.build !== undefined) {
    found.push(
      finding(specialBuild, header.origin, {
        message: `normal builds of maddy do not have ${entry.name}`,
        details: [`It ${entry.build}.`, 'A maddy without it refuses the file.'],
      }),
    );
  }
  return found;
}

function duplicate(header: ExpandedDirective, word: ExpandedArg | undefined, earlier: NamedModule): Finding {
  const name = word?.value ?? earlier.name;
  return finding(
    duplicateBlock,
    word?.origin ?? header.origin,
    {
      message: `a second block named "${name}"`,
      details: [
        'References go by name, so maddy refuses it. Rename one of the two, or remove the one that is left over.',
        ...(word === undefined ? ['A block without a name goes by the name of its module.'] : []),
      ],
      related: [
        {
          file: earlier.header.origin.file,
          range: earlier.header.origin.range,
          message: 'the first one is defined here',
        },
      ],
    },
    atLine(header, `config block named ${name} already exists`),
  );
}

/** D19: maddy files all blocks of some modules under one name. */
function filedTwice(header: ExpandedDirective, entry: ModuleSpec, earlier: NamedModule): Finding {
  return finding(
    duplicateBlock,
    header.origin,
    {
      message: `maddy refuses a second ${entry.name} block`,
      details: [`maddy 0.9.4 files every ${entry.name} block under that one name. Write the tables in place instead.`],
      related: [
        {
          file: earlier.header.origin.file,
          range: earlier.header.origin.range,
          message: 'the first one is defined here',
        },
      ],
    },
    atLine(header, `config block named ${entry.name} already exists`),
    'as-maddy',
  );
}

export function unknownTopLevel(context: Context, directive: ExpandedDirective): Finding {
  const { name } = directive;
  if (directive.block !== null) for (const { value } of directive.args) context.registry.noteUnreadable(value);
  const word = { value: name, origin: directive.origin };
  const maddy = atLine(directive, `unknown module or global directive: ${name}`);
  if (isPlaceholder(name)) return placeholderFinding(word, maddy);
  const old = oldNameOf(name, 'top');
  if (old !== undefined) return oldNameFinding(word, old.use, old.hint, maddy);
  if (isPipelineWord(name)) return pipelineWord(directive, maddy);
  const full = modulesNamed(name).filter((entry) => knows(entry, context.dialect));
  const best =
    full.length === 1 ? (full[0]?.name ?? null) : suggest(context, name, () => topLevelNames(context.dialect));
  const { fixes = [], ...label } = correction(directive.origin, directive.name, best);
  // What usually stands in a pipeline may have come here by a brace too many.
  const mayBelongElsewhere = full.some((entry) => pipelineParts.some((part) => entry.implements.includes(part)));
  return finding(
    unknownName,
    directive.origin,
    {
      message: `unknown directive or module "${name}"`,
      ...label,
      fixes: fixes.map((fix) => ({ ...fix, safe: fix.safe && !mayBelongElsewhere })),
      details: topLevelDetails(context, name, full, best),
    },
    maddy,
  );
}

const pipelineParts: readonly Interface[] = ['check', 'modifier'];

function pipelineWord(directive: ExpandedDirective, maddy: string): Finding {
  return finding(
    misplacedDirective,
    directive.origin,
    {
      message: `"${directive.name}" cannot stand outside of a pipeline`,
      details: [
        'It belongs into an endpoint (smtp, submission, lmtp) or a msgpipeline block. Perhaps a brace closes too early.',
      ],
    },
    maddy,
  );
}

function topLevelDetails(
  context: Context,
  name: string,
  full: readonly ModuleSpec[],
  best: string | null,
): readonly string[] {
  if (findModule(name) !== undefined) {
    const other = context.dialect === 'maddy' ? 'Madmail' : 'maddy';
    return [`Only ${other} has this module.`];
  }
  if (full.length > 0)
    return [`At the top level a module has its full name: ${listed(full.map((entry) => entry.name))}.`];
  const owners = ownersOf(context, name);
  if (owners.length > 0)
    return [
      `It is a directive of ${listed(
        owners.map((entry) => entry.name),
        4,
      )}: put it into such a block.`,
    ];
  return [
    best === null
      ? 'maddy has neither a global directive nor a module of this name.'
      : `maddy refuses to start with "${name}".`,
  ];
}
