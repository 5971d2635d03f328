import type { CommandSpec, OptionSpec } from '../../cli/command.ts';
import { commandGroups } from '../../cli/command.ts';
import { commands } from '../../cli/commands.ts';
import { optionsOf } from '../../cli/parse-arguments.ts';
import type { Outputs } from '../generate.ts';

/** man/maddyc.1 in mdoc, from the same declarations as help and docs/cli.md. */
export async function manPage(): Promise<Outputs> {
  const visible = commands.filter((entry) => !entry.hidden);
  const sections = await Promise.all(
    commandGroups.flatMap(([group]) =>
      visible.filter((entry) => entry.group === group).map(async ({ load }) => commandLines(await load())),
    ),
  );
  const lines = [
    '.\\" Made by `npm run generate` from the declarations of commands: edit those.',
    '.Dd $Mdocdate$',
    '.Dt MADDYC 1',
    '.Os',
    '.Sh NAME',
    '.Nm maddyc',
    '.Nd check, compile and run maddy mail server configurations',
    '.Sh SYNOPSIS',
    '.Nm maddyc',
    '.Ar command',
    '.Op Ar options',
    '.Op Ar file ...',
    '.Nm maddyc',
    '.Fl config Ar file',
    '.Ar command',
    '.Sh DESCRIPTION',
    ...prose(
      'Results go to standard output; progress, notes and summaries to standard error. "-" is standard input. Without a file the configuration is ./maddy.conf, else what MADDY_CONFIG names, else /etc/maddy/maddy.conf.',
    ),
    '.Pp',
    ...prose('These are the commands.'),
    ...sections.flat(),
    '.Sh ENVIRONMENT',
    '.Bl -tag -width Ds',
    '.It Ev MADDY_CONFIG',
    ...prose('The configuration of this machine.'),
    '.It Ev NO_COLOR',
    ...prose('When it is set and not empty, nothing is coloured.'),
    '.It Ev GITHUB_ACTIONS',
    ...prose('When it is "true", check writes annotations of a GitHub workflow unless --format says otherwise.'),
    '.El',
    '.Sh FILES',
    '.Bl -tag -width Ds',
    '.It Pa maddyc.json',
    ...prose('What a project says about its configurations: the nearest one beside the file or above it.'),
    '.El',
    '.Sh EXIT STATUS',
    ...prose(
      '0 nothing to say, 1 errors found, 2 wrong use, 3 a fault of maddyc. Commands that differ say so at their place.',
    ),
    '',
  ];
  return new Map([
    ['man/maddyc.1', lines.filter((line, index) => line !== '' || index === lines.length - 1).join('\n')],
  ]);
}

function commandLines(spec: CommandSpec): readonly string[] {
  return [
    `.Ss maddyc ${spec.name}`,
    '.Bd -literal -offset indent -compact',
    guarded(escapeText(`maddyc ${spec.name} ${spec.usage}`.trimEnd())),
    '.Ed',
    '.Pp',
    ...prose(spec.description),
    '.Bl -tag -width Ds',
    ...optionsOf(spec)
      .filter((option) => !option.hidden)
      .flatMap((option) => [
        optionHead(option),
        ...prose(`${option.help}${option.repeat ? ' (may be repeated)' : ''}`),
      ]),
    '.El',
    '.Pp',
    'Examples:',
    '.Bd -literal -offset indent -compact',
    ...spec.examples.flatMap(({ command, says }) => [guarded(escapeText(`# ${says}`)), guarded(escapeText(command))]),
    '.Ed',
    '.Pp',
    ...prose(`Exit status: ${spec.exitCodes.map(([code, meaning]) => `${code} ${meaning}`).join('; ')}.`),
  ];
}

/** mdoc writes one dash for `Fl`; `\-` is the second. */
function optionHead({ name, short, value, optionalValue }: OptionSpec): string {
  const long = `Fl \\-${escapeText(name)}`;
  const both = short === undefined ? long : `Fl ${short} , ${long}`;
  if (value === undefined) return `.It ${both}`;
  return optionalValue ? `.It ${both} Ns Op = Ns Ar ${value}` : `.It ${both} Ar ${value}`;
}

/** A sentence begins a line, as mdoc wants it, and no line has more than 80 bytes. */
function prose(text: string): readonly string[] {
  const sentences = text.replaceAll(/\s+/g, ' ').split(/(?<=[.!?][")]?) (?=["(]?[A-Z])/);
  return sentences.flatMap((sentence) => {
    const lines: string[] = [];
    for (const word of sentence.split(' ').map(escapeText)) {
      const line = lines.at(-1);
      if (line !== undefined && line.length + 1 + word.length < 80) lines[lines.length - 1] = `${line} ${word}`;
      else lines.push(word);
    }
    return lines.map(guarded);
  });
}

/** A line that begins with a dot or an apostrophe would be a request. */
function guarded(line: string): string {
  return line.replace(/^(?=[.'])/, '\\&');
}

/** ASCII only: what reads manual pages does not agree on anything else. */
function escapeText(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('--', '\\-\\-')
    .replaceAll('…', '...')
    .replaceAll(/[^\0-\x7f]/gu, (character) => `\\[u${hex(character)}]`);
}

function hex(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
}
