import { blocks } from '../../compiler/catalog/blocks.ts';
import { allModules } from '../../compiler/catalog/catalog.ts';
import type {
  BlockSpec,
  BodySpec,
  DirectiveSpec,
  InlineArgs,
  ModuleKind,
  ModuleSpec,
} from '../../compiler/catalog/define.ts';
import { globals } from '../../compiler/catalog/globals.ts';
import { interfaces } from '../../compiler/catalog/interfaces.ts';
import { pipelineDirectives } from '../../compiler/catalog/pipeline.ts';
import { valueWords } from '../../compiler/catalog/value-words.ts';
import type { Outputs } from '../generate.ts';
import { fenced, generatedNote, table } from './markdown.ts';

/** `docs/reference/`: a page for each module, for the top level, for pipelines, and for kinds of values. */

const kinds: readonly (readonly [kind: ModuleKind, title: string])[] = [
  ['endpoint', 'Endpoints'],
  ['target', 'Delivery targets'],
  ['check', 'Checks'],
  ['modifier', 'Modifiers'],
  ['group', 'Groups'],
  ['table', 'Tables'],
  ['auth', 'Authentication'],
  ['storage', 'Mailbox storage'],
  ['blob_store', 'Message stores'],
  ['imap_filter', 'IMAP filters'],
  ['tls_loader', 'Sources of TLS certificates'],
  ['libdns', 'DNS providers for ACME'],
  ['mx_auth_policy', 'MX policies'],
  ['other', 'Others'],
];

export function referencePages(): Outputs {
  const pages = new Map<string, string>();
  const add = (name: string, parts: readonly string[]): void => {
    pages.set(`docs/reference/${name}.md`, `${[generatedNote, ...parts].join('\n\n')}\n`);
  };
  add('README', overview());
  add('globals', ['# Global directives', globals.doc, ...directives(globals), ...notes(globals)]);
  add('pipeline', pipeline());
  add('values', values());
  for (const entry of allModules()) add(`modules/${entry.name}`, modulePage(entry));
  for (const block of Object.values(blocks)) add(`blocks/${block.name}`, blockPage(block));
  return pages;
}

function overview(): readonly string[] {
  const entries = [...allModules()];
  const lists = kinds.flatMap(([kind, title]) => {
    const rows = entries
      .filter((entry) => entry.kind === kind)
      .map((entry) => [
        `[${entry.name}](modules/${entry.name}.md)`,
        entry.doc,
        entry.runtime ? 'yes' : 'no',
        dialectWords(entry),
      ]);
    return rows.length === 0
      ? []
      : [`## ${title}`, table(['module', 'what it does', 'run by maddyc', 'known to'], rows)];
  });
  return [
    '# Reference',
    'Every module and directive that maddyc knows. “Run by maddyc” says whether `maddyc run` has it; all of them are checked.',
    '[Global directives](globals.md), [pipelines](pipeline.md), [kinds of values](values.md), [schema of plans](plan.schema.json), [schema of `check --format json`](check.schema.json).',
    ...lists,
  ];
}

function dialectWords(entry: ModuleSpec): string {
  if (entry.extension === true) return 'maddyc only';
  return entry.dialects.map((dialect) => dialectNames[dialect]).join(', ');
}

const dialectNames = { maddy: 'maddy 0.9.4', 'madmail-0': 'Madmail 0.x', 'madmail-2': 'Madmail 2.x' } as const;

function modulePage(entry: ModuleSpec): readonly string[] {
  const facts = [
    ['gives', entry.implements.map(interfaceWords).join(', ') || 'nothing that other blocks use'],
    ['known to', dialectWords(entry)],
    ['run by maddyc', entry.runtime ? 'yes' : 'no'],
    ...(entry.deprecated === undefined ? [] : [['deprecated', entry.deprecated]]),
    ...(entry.build === undefined ? [] : [['builds of maddy', entry.build]]),
    ...(entry.environment === undefined ? [] : [['outside of the file', entry.environment]]),
  ];
  return [
    `# ${entry.name}`,
    entry.doc,
    table(['', ''], facts),
    ...argumentLines(entry.inlineArgs),
    ...directives(entry),
    ...unknownLines(entry),
    ...(entry.example === undefined ? [] : ['## Example', fenced(entry.example)]),
    ...notes(entry),
  ];
}

function interfaceWords(name: string): string {
  const known = Object.entries(interfaces).find(([each]) => each === name)?.[1];
  return known?.words ?? name.replaceAll('_', ' ');
}

function blockPage(block: BlockSpec): readonly string[] {
  const example = block.example === undefined ? [] : ['## Example', fenced(block.example)];
  return [`# ${block.name}`, block.doc, ...directives(block), ...example, ...notes(block)];
}

function argumentLines(args: InlineArgs): readonly string[] {
  switch (args.rule) {
    case 'addresses':
      return ['## Arguments', args.doc];
    case 'ignored':
    case 'refused':
      return ['## Arguments', args.rule === 'refused' ? 'None; maddy refuses any.' : 'None; maddy reads over any.'];
    case 'module':
      return ['## Arguments', `${args.doc}${args.required === true ? ' Required.' : ''}`];
    case 'positional':
      return [
        '## Arguments',
        'Only where the module is written in place; a named block takes none.',
        table(
          ['argument', 'required', 'what'],
          args.args.map((arg) => [
            `${arg.name.toUpperCase()}${arg.repeated === true ? '…' : ''}`,
            arg.required === true ? 'yes' : 'no',
            arg.doc,
          ]),
        ),
      ];
  }
}

function directives(spec: BodySpec): readonly string[] {
  const rows = Object.entries(spec.directives).map(([name, row]) => [
    `\`${name}\``,
    typeWords(row),
    defaultWords(row),
    [row.doc, ...(row.notes ?? []), ...directiveFacts(row)].join(' '),
  ]);
  return rows.length === 0 ? [] : ['## Directives', table(['directive', 'value', 'default', 'what'], rows)];
}

function typeWords(row: DirectiveSpec): string {
  if (row.values !== undefined && row.type !== 'string') return row.values.map((value) => `\`${value}\``).join(' ');
  if (row.expects !== undefined) return interfaces[row.expects].words;
  return Object.hasOwn(blocks, row.type) ? `[${row.type}](${blockLink(row.type)})` : valueWords[row.type].a;
}

function blockLink(name: string): string {
  return `../blocks/${name}.md`;
}

function defaultWords(row: DirectiveSpec): string {
  if (row.required === true) return row.inheritsGlobal === true ? 'required, or global' : 'required';
  const own = row.default === undefined ? (row.whenUnset ?? '') : `\`${defaultText(row.default)}\``;
  return row.inheritsGlobal === true ? ['global', own].filter((text) => text !== '').join(', else ') : own;
}

function defaultText(words: NonNullable<DirectiveSpec['default']>): string {
  if (typeof words === 'boolean') return words ? 'yes' : 'no';
  return Array.isArray(words) ? words.join(' ') : String(words);
}

function directiveFacts(row: DirectiveSpec): readonly string[] {
  return [
    ...(row.repeatable === undefined || row.repeatable === 'last' ? [] : ['May be repeated.']),
    ...(row.deprecated === undefined
      ? []
      : [row.deprecated === '' ? 'Deprecated.' : `Deprecated: use \`${row.deprecated}\`.`]),
    ...(row.dialects === undefined
      ? []
      : [`Only in ${row.dialects.map((dialect) => dialectNames[dialect]).join(' and ')}.`]),
  ];
}

function unknownLines(spec: BodySpec): readonly string[] {
  const { unknown } = spec;
  if (unknown === 'pipeline') return ['All other directives are those of a [message pipeline](../pipeline.md).'];
  if (unknown === 'ignored') return ['Everything in its block is read over.'];
  return typeof unknown === 'object' && 'doc' in unknown ? [unknown.doc] : [];
}

function notes(spec: BodySpec): readonly string[] {
  return spec.notes === undefined || spec.notes.length === 0
    ? []
    : ['## Notes', spec.notes.map((note) => `- ${note}`).join('\n')];
}

function pipeline(): readonly string[] {
  const rows = Object.entries(pipelineDirectives).map(([name, row]) => [
    `\`${name}\``,
    row.contexts.join(', '),
    row.doc,
  ]);
  return [
    '# Message pipelines',
    'A pipeline has three levels, from the outside in: root (the body of `smtp`, `submission`, `lmtp`, `msgpipeline`, `reroute` and `bounce`), source and destination. Each level may be left out: what it would hold then stands one level up.',
    table(['directive', 'levels', 'what'], rows),
  ];
}

function values(): readonly string[] {
  const rows = Object.entries(valueWords)
    .filter(([, words]) => words.example !== '')
    .map(([, { a, forms, example }]) => [a, forms, `\`${example}\``]);
  return ['# Kinds of values', table(['value', 'forms', 'example'], rows)];
}
