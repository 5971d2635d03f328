import type { CommandEntry, CommandSpec, OptionSpec } from '../../cli/command.ts';
import { commandGroups } from '../../cli/command.ts';
import { commands } from '../../cli/commands.ts';
import { optionHead } from '../../cli/help.ts';
import { optionsOf } from '../../cli/parse-arguments.ts';
import { reportFormats } from '../../compiler/index.ts';
import type { Outputs } from '../generate.ts';
import { fenced, generatedNote, table } from './markdown.ts';

const lead = `# The command line

A configuration came from a colleague, and the mail server must not be touched to look at it:

${fenced(`$ maddyc check maddy.conf                    # every mistake, at its cause; exit code 1 when there is an error
$ maddyc check --fix --diff maddy.conf       # what could be put right by itself
$ maddyc route maddy.conf --from a@example.net --to postmaster@example.org
$ maddyc -config maddy.conf verify-config    # maddy's own order of words works too`)}

Results go to standard output; progress, notes and summaries to standard error. Colours and boxes are shown only on a terminal that can show
them (\`NO_COLOR\`, \`--color\`). \`-\` is standard input. Without FILE the file is \`./maddy.conf\`, else \`$MADDY_CONFIG\`, else
\`/etc/maddy/maddy.conf\`. Completion for your shell: \`maddyc completion --help\`. In CI: [ci.md](ci.md).`;

const exitCodes = `## Exit codes

0 nothing to say, 1 errors found, 2 wrong use (unknown command or option, no such file), 3 a fault of maddyc. Commands that differ say so below.`;

/** docs/cli.md: every command as its declaration says it. */
export async function commandPages(): Promise<Outputs> {
  const visible = commands.filter((entry) => !entry.hidden);
  const specs = new Map(await Promise.all(visible.map(async (entry) => [entry, await entry.load()] as const)));
  const sections = commandGroups.flatMap(([group, title]) =>
    visible
      .filter((entry) => entry.group === group)
      .map((entry, index) => ({ entry, title: index === 0 ? title : null })),
  );
  const overview = table(
    ['to', 'command', ''],
    sections.map(({ entry, title }) => [title ?? '', `[\`${entry.name}\`](#${anchor(entry.name)})`, entry.summary]),
  );
  const pages = sections.flatMap(({ entry }) => {
    const spec = specs.get(entry);
    return spec === undefined ? [] : [section(entry, spec)];
  });
  const text = [generatedNote, lead, '## Commands', overview, exitCodes, formats(), ...pages].join('\n\n');
  return new Map([['docs/cli.md', `${text}\n`]]);
}

function formats(): string {
  const rows = Object.entries(reportFormats).map(([name, { summary }]) => [`\`${name}\``, summary]);
  return `## Formats of findings\n\n\`maddyc check --format NAME\`:\n\n${table(['', ''], rows)}`;
}

function section({ name }: CommandEntry, spec: CommandSpec): string {
  const options = optionsOf(spec).filter((option) => !option.hidden);
  return [
    `## ${name}`,
    `${spec.summary[0]?.toUpperCase() ?? ''}${spec.summary.slice(1)}.`,
    fenced(`maddyc ${name} ${spec.usage}`.trimEnd()),
    spec.description,
    table(['option', ''], options.map(optionRow)),
    spec.examples.map(({ command, says }) => `- \`${command}\`: ${says}`).join('\n'),
    `Exit codes: ${spec.exitCodes.map(([code, meaning]) => `${code} ${meaning}`).join('; ')}.`,
    ...(spec.docs === 'cli.md' ? [] : [`More: [${spec.docs}](${spec.docs})`]),
  ].join('\n\n');
}

function optionRow(option: OptionSpec): readonly string[] {
  return [`\`${optionHead(option).trim()}\``, `${option.help}${option.repeat ? ' (may be repeated)' : ''}`];
}

function anchor(name: string): string {
  return name.replaceAll(' ', '-');
}
