import type { Io } from './io.ts';

export interface OptionSpec {
  /** Long name without dashes; maddy's single dash (`-config`) is accepted everywhere. */
  readonly name: string;
  readonly short?: string;
  /** Name of the value in help; without it the option is a switch. */
  readonly value?: string;
  /** The value may be left out, and is given as `--name=VALUE`; without it `value()` gives the empty text. */
  readonly optionalValue?: boolean;
  /** All that it can be. */
  readonly choices?: readonly string[];
  /** Words that it often is, among others: completion offers them. */
  readonly usual?: () => readonly string[];
  readonly repeat?: boolean;
  readonly help: string;
  /** Accepted, completed by nobody, not in help. */
  readonly hidden?: boolean;
}

/** A word that an operand can be, and what it stands for. */
export interface OperandWord {
  readonly word: string;
  readonly says: string;
}

export interface Example {
  readonly command: string;
  readonly says: string;
}

/** All that help, completion and the reference page say about a command: declared here, derived everywhere else. */
export interface CommandSpec {
  readonly name: string;
  /** One line: what for. */
  readonly summary: string;
  /** What comes after the command's name in the usage line. */
  readonly usage: string;
  readonly description: string;
  /** The ones that matter first. */
  readonly options: readonly OptionSpec[];
  readonly examples: readonly Example[];
  readonly exitCodes: readonly (readonly [code: number, meaning: string])[];
  /** Path below docs/. */
  readonly docs: string;
  /** Upper bound of operands; `Infinity` for FILE… */
  readonly operands: number;
  /** What the first operand can be, where it is one of known words. */
  readonly operandWords?: () => readonly OperandWord[];
  /** It says the same to everybody: options that it does not know are not refused. */
  readonly anyOptions?: boolean;
}

export interface Invocation {
  /** Last value given. */
  readonly value: (option: string) => string | undefined;
  readonly values: (option: string) => readonly string[];
  readonly has: (option: string) => boolean;
  readonly operands: readonly string[];
  readonly io: Io;
}

export interface Command extends CommandSpec {
  /** Gives the exit code. */
  run(invocation: Invocation): Promise<number>;
}

/** A command that does work under names of its own: `dkim rotate`, `queue list`. */
export interface CommandEntry {
  readonly name: string;
  readonly group: 'write' | 'judge' | 'run' | 'move' | 'help';
  readonly summary: string;
  readonly hidden?: boolean;
  load(): Promise<Command>;
}

/** Groups in the order of help, with what one wants to do. */
export const commandGroups: readonly (readonly [CommandEntry['group'], string])[] = [
  ['write', 'write a configuration'],
  ['judge', 'judge it'],
  ['run', 'run it'],
  ['move', 'move to it'],
  ['help', 'help'],
];

/** Wrong use of the command line: exit code 2, with the nearest right word when there is one. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly hint: string | null;
  constructor(message: string, hint: string | null = null) {
    super(message);
    this.hint = hint;
  }
}

/** By name: in the built package some commands come from another bundle, with a class of their own. */
export function isUsageError(error: unknown): error is UsageError {
  return error instanceof Error && error.name === 'UsageError' && 'hint' in error;
}

export const commonOptions = {
  color: {
    name: 'color',
    value: 'WHEN',
    choices: ['auto', 'always', 'never'],
    help: 'colours: auto (only on a terminal), always, never',
  },
  json: { name: 'json', help: 'result as JSON on standard output' },
  quiet: { name: 'quiet', short: 'q', help: 'no summary and no notes' },
  help: { name: 'help', short: 'h', help: 'this text' },
  verbose: { name: 'verbose', help: 'all that is known of a fault of maddyc', hidden: true },
} satisfies Record<string, OptionSpec>;
