import { nearest } from '../compiler/text/nearest.ts';
import { isUsageError, UsageError } from './command.ts';
import { commands, findCommand } from './commands.ts';
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
  if (name === null || name === 'help') return help(rest[0] ?? null, io, name === null && !wantsHelp(args));
  if (name === 'version' && !hadGlobals && rest.length === 0 && args[0] !== 'version') {
    const { version } = await import('./version.ts');
    io.stdout.write(`maddyc ${version}\n`);
    return 0;
  }
  const entry = findCommand(name);
  if (entry === undefined) throw unknownCommand(name);
  const command = await entry.load();
  const { parseArguments } = await import('./parse-arguments.ts');
  if (wantsHelp(rest)) return help(name, io, false);
  return command.run(parseArguments(command, rest, io));
}

function wantsHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end === -1 ? args : args.slice(0, end)).some((arg) => arg === '--help' || arg === '-h' || arg === '-help');
}

async function help(name: string | null, io: Io, wrongUse: boolean): Promise<number> {
  const { commandHelp, programHelp } = await import('./help.ts');
  if (name === null) {
    (wrongUse ? io.stderr : io.stdout).write(programHelp(commands));
    return wrongUse ? 2 : 0;
  }
  const entry = findCommand(name);
  if (entry === undefined) throw unknownCommand(name);
  io.stdout.write(commandHelp(await entry.load()));
  return 0;
}

function unknownCommand(name: string): UsageError {
  const best = nearest(
    name,
    commands.filter((entry) => !entry.hidden).map((entry) => entry.name),
  );
  return new UsageError(
    `unknown command "${name}"`,
    best === null ? 'maddyc --help lists the commands' : `did you mean "maddyc ${best}"?`,
  );
}
