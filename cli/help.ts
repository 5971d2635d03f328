import { type CommandEntry, type CommandSpec, commandGroups, type OptionSpec } from './command.ts';
import { optionsOf } from './parse-arguments.ts';

export function programHelp(commands: readonly CommandEntry[]): string {
  const visible = commands.filter((entry) => !entry.hidden);
  const width = Math.max(...visible.map((entry) => entry.name.length));
  const lines = [
    'maddyc checks, compiles and runs maddy mail server configurations.',
    '',
    'Usage: maddyc COMMAND [options] [FILE…]',
    '       maddyc -config FILE run|verify-config|creds|…       as maddy is called',
  ];
  for (const [group, title] of commandGroups) {
    const members = visible.filter((entry) => entry.group === group);
    if (members.length === 0) continue;
    lines.push('', `${title}:`, ...members.map((entry) => `  ${entry.name.padEnd(width)}  ${entry.summary}`));
  }
  lines.push(
    '',
    'FILE: ./maddy.conf, else /etc/maddy/maddy.conf, unless it is named; "-" is standard input.',
    '',
    'Examples:',
    '  maddyc check maddy.conf             every mistake, at its cause',
    '  maddyc route maddy.conf --from a@example.org --to b@example.net',
    '  maddyc run maddy.conf               the mail server, in maddy’s place',
    '',
    'maddyc COMMAND --help tells more about a command.',
    '',
  );
  return lines.join('\n');
}

/** Of commands whose names begin with the same word. */
export function familyHelp(name: string, family: readonly CommandEntry[]): string {
  const width = Math.max(...family.map((entry) => entry.name.length));
  return [
    `Usage: maddyc ${name} COMMAND [options] [FILE]`,
    '',
    ...family.map((entry) => `  ${entry.name.padEnd(width)}  ${entry.summary}`),
    '',
    `maddyc ${family[0]?.name ?? name} --help tells more about one.`,
    '',
  ].join('\n');
}

export function commandHelp(spec: CommandSpec): string {
  const options = optionsOf(spec).filter((option) => !option.hidden);
  const heads = options.map(optionHead);
  const width = Math.min(28, Math.max(...heads.map((head) => head.length)));
  const lines = [
    `${spec.summary[0]?.toUpperCase() ?? ''}${spec.summary.slice(1)}.`,
    '',
    `Usage: maddyc ${spec.name} ${spec.usage}`,
    '',
    spec.description,
    '',
    'Options:',
    ...options.map((option, index) => optionLine(heads[index] ?? '', width, option)),
    '',
    'Examples:',
    ...spec.examples.flatMap((example) => [`  ${example.command}`, `      ${example.says}`]),
    '',
    'Exit codes:',
    ...spec.exitCodes.map(([code, meaning]) => `  ${code}  ${meaning}`),
    '',
    `More: docs/${spec.docs}`,
    '',
  ];
  return lines.join('\n');
}

export function optionHead(option: OptionSpec): string {
  const short = option.short === undefined ? '    ' : `-${option.short}, `;
  return `${short}--${option.name}${valueHead(option)}`;
}

function valueHead({ value, optionalValue }: OptionSpec): string {
  if (value === undefined) return '';
  return optionalValue ? `[=${value}]` : ` ${value}`;
}

function optionLine(head: string, width: number, option: OptionSpec): string {
  const repeat = option.repeat ? ' (may be repeated)' : '';
  return head.length > width
    ? `  ${head}\n  ${' '.repeat(width)}  ${option.help}${repeat}`
    : `  ${head.padEnd(width)}  ${option.help}${repeat}`;
}
