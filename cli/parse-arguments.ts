import { parseArgs } from 'node:util';
import { nearest } from '../compiler/text/nearest.ts';
import { type CommandSpec, commonOptions, type Invocation, type OptionSpec, UsageError } from './command.ts';
import type { Io } from './io.ts';

type ParsedValue = string | boolean | (string | boolean)[] | undefined;

/** Reads the arguments behind a command's name. Throws UsageError. */
export function parseArguments(spec: CommandSpec, args: readonly string[], io: Io): Invocation {
  const options = optionsOf(spec);
  const parsed = parse(options, emptyValues(options, doubleDashes(options, args)), spec.anyOptions !== true);
  for (const option of options) checkChoice(option, valuesOf(parsed.values[option.name]));
  if (parsed.positionals.includes('')) throw new UsageError('an argument is empty', 'is a variable not set?');
  if (parsed.positionals.length > spec.operands) {
    throw new UsageError(`unexpected argument "${parsed.positionals[spec.operands]}"`);
  }
  return {
    value: (name) => valuesOf(parsed.values[name]).at(-1),
    values: (name) => valuesOf(parsed.values[name]),
    has: (name) => parsed.values[name] !== undefined,
    operands: parsed.positionals,
    io,
  };
}

export function optionsOf(spec: CommandSpec): readonly OptionSpec[] {
  return [...spec.options, commonOptions.help, commonOptions.verbose];
}

/** maddy (like all Go programs) takes `-config` for `--config`; a known long name behind one dash is that option. */
function doubleDashes(options: readonly OptionSpec[], args: readonly string[]): string[] {
  const longNames = new Set(options.filter((option) => option.name.length > 1).map((option) => option.name));
  const end = args.indexOf('--');
  return args.map((arg, index) => {
    const name = /^-([^-=][^=]*)/.exec(arg)?.[1];
    return name !== undefined && (end === -1 || index < end) && longNames.has(name) ? `-${arg}` : arg;
  });
}

/** `--fix` means `--fix=` where the value may be left out: what comes next is a file. */
function emptyValues(options: readonly OptionSpec[], args: readonly string[]): string[] {
  const bare = new Set(options.filter((option) => option.optionalValue).map((option) => `--${option.name}`));
  const end = args.indexOf('--');
  return args.map((arg, index) => (bare.has(arg) && (end === -1 || index < end) ? `${arg}=` : arg));
}

function parse(options: readonly OptionSpec[], args: string[], strict: boolean) {
  const config = Object.fromEntries(
    options.map((option) => [
      option.name,
      {
        type: option.value === undefined ? ('boolean' as const) : ('string' as const),
        multiple: true,
        ...(option.short === undefined ? {} : { short: option.short }),
      },
    ]),
  );
  try {
    return parseArgs({ args, options: config, allowPositionals: true, strict });
  } catch (error) {
    throw usageErrorOf(error, options, args);
  }
}

function usageErrorOf(error: unknown, options: readonly OptionSpec[], args: readonly string[]): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  const named = /'(--?[^' ]+)/.exec(error.message)?.[1] ?? '';
  // Node takes `-bogus` for `-b`.
  const given = /^-[^-]$/.test(named) ? (args.find((arg) => arg.startsWith(named)) ?? named) : named;
  switch (error.code) {
    case 'ERR_PARSE_ARGS_UNKNOWN_OPTION': {
      const known = options.filter((option) => !option.hidden).map((option) => `--${option.name}`);
      const best = nearest(given, known);
      return new UsageError(`unknown option ${given}`, best === null ? null : `did you mean ${best}?`);
    }
    case 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE': {
      const name = /--([\w.-]+)/.exec(error.message)?.[1] ?? '';
      const option = options.find((candidate) => candidate.name === name);
      return new UsageError(
        option?.value === undefined ? `--${name} takes no value` : `--${name} needs a value: --${name} ${option.value}`,
      );
    }
    default:
      return error;
  }
}

function checkChoice(option: OptionSpec, values: readonly string[]): void {
  if (option.choices === undefined) return;
  for (const value of values) {
    if (!option.choices.includes(value) && !(option.optionalValue && value === '')) {
      throw new UsageError(`--${option.name} ${value}: not one of ${option.choices.join(', ')}`);
    }
  }
}

function valuesOf(value: ParsedValue): readonly string[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).filter((item) => typeof item === 'string');
}
