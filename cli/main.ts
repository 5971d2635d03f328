import { nearest } from '../compiler/text/nearest.ts';
import { isUsageError, UsageError } from './command.ts';
import { commands, familyOf, findCommand } from './commands.ts';
import type { Io } from './io.ts';
import { splitMaddyOrder } from './maddy-order.ts';

/** Runs one invocation and gives its exit code (design of the codes: 0, 1 findings, 2 wrong use, 3 a fault of ours). */
export async function main(args: readonly string[], io: Io): Promise<number> {
  try {
    return await dispatch(args, io);
  } catch (error) {
    if (isUsageError(error)) {
      io.stderr.write(`maddyc: ${error.message}${error.hint === null ? '' : `\n  ${error.hint}`}\n`);
      return 2;
    }
    const { reportFault } = await import('./fault.ts');
    reportFault(error, args, io);
    return 3;
  }
}

async function dispatch(args: readonly string[], io: Io): Promise<number> {
  const { command: name, args: rest, hadGlobals } = splitMaddyOrder(args);
  if (name === null && hadGlobals && !wantsHelp(args)) {
    throw new UsageError('no command is named', 'as in: maddyc -config FILE run');
  }
  if (name === null || name === 'help') return help(rest, io, name === null && !wantsHelp(args));
  if (name === 'version' && !hadGlobals && rest.length === 0 && args[0] !== 'version') {
    const { version } = await import('./version.ts');
    io.stdout.write(`maddyc ${version}\n`);
    return 0;
  }
  const found = findCommand([name, ...rest]);
  if (wantsHelp(rest)) return help([name, ...rest], io, false);
  if (found === undefined) throw unknownCommand(name, rest[0]);
  const command = await found.entry.load();
  const { parseArguments } = await import('./parse-arguments.ts');
  return command.run(parseArguments(command, found.rest, io));
}

function wantsHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end === -1 ? args : args.slice(0, end)).some((arg) => arg === '--help' || arg === '-h' || arg === '-help');
}

async function help(words: readonly string[], io: Io, wrongUse: boolean): Promise<number> {
  const { commandHelp, familyHelp, programHelp } = await import('./help.ts');
  const [name, second] = words;
  if (name === undefined) {
    (wrongUse ? io.stderr : io.stdout).write(programHelp(commands));
    return wrongUse ? 2 : 0;
  }
  const found = findCommand(words);
  const family = familyOf(name);
  if (found === undefined && family.length === 0) throw unknownCommand(name, second);
  io.stdout.write(found === undefined ? familyHelp(name, family) : commandHelp(await found.entry.load()));
  return 0;
}

function unknownCommand(name: string, second: string | undefined): UsageError {
  if (name.startsWith('-')) return new UsageError(`unknown option ${name}`, 'maddyc --help lists the commands');
  const family = familyOf(name);
  if (family.length > 0) {
    const words = family.map((entry) => entry.name);
    const best = second === undefined ? null : nearest(`${name} ${second}`, words);
    return new UsageError(
      second === undefined ? `${name} is several commands` : `unknown command "${name} ${second}"`,
      best === null ? `there is: ${words.join(', ')}` : `did you mean "maddyc ${best}"?`,
    );
  }
  const best = nearest(
    name,
    commands.filter((entry) => !entry.hidden).map((entry) => entry.name),
  );
  return new UsageError(
    `unknown command "${name}"`,
    best === null ? 'maddyc --help lists the commands' : `did you mean "maddyc ${best}"?`,
  );
}
