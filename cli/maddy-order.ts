/** maddy's global options, given before the command: name, and whether a value follows. */
const globalOptions: ReadonlyMap<string, boolean> = new Map([
  ['config', true],
  ['debug', false],
  ['debug.smtpport', true],
  ['debug.dnsoverride', true],
  ['debug.pprof', true],
  ['debug.blockprofrate', true],
  ['debug.mutexproffract', true],
]);

/** strconv.ParseBool. */
const goBooleans: ReadonlyMap<string, boolean> = new Map([
  ...['', '=1', '=t', '=T', '=true', '=TRUE', '=True'].map((text) => [text, true] as const),
  ...['=0', '=f', '=F', '=false', '=FALSE', '=False'].map((text) => [text, false] as const),
]);

/** They say the same whatever the configuration is. */
const withoutConfiguration: ReadonlySet<string> = new Set(['help', 'version']);

export interface SplitCommandLine {
  readonly command: string | null;
  /** Arguments of the command; maddy's global options are moved behind it. */
  readonly args: readonly string[];
  readonly hadGlobals: boolean;
}

/**
 * Both orders of the command line: `maddyc check --json F`, and maddy's own, where global options come first with one
 * or two dashes: `maddyc -config F -debug.smtpport 25 run` (drop-in-cli 1).
 */
export function splitMaddyOrder(args: readonly string[]): SplitCommandLine {
  const globals: string[] = [];
  let index = 0;
  for (; index < args.length; index += 1) {
    const arg = args[index] ?? '';
    const option = /^--?([a-z][a-z.]*)(=.*)?$/s.exec(arg);
    if (option === null) break;
    const [, name = '', value] = option;
    if (name === 'version') return { command: 'version', args: [], hadGlobals: false };
    const takesValue = globalOptions.get(name);
    if (takesValue === undefined) break;
    // A switch of a Go program may be written with what it is set to.
    const isSwitch = !takesValue && goBooleans.has(value ?? '');
    if (!isSwitch || goBooleans.get(value ?? '') === true) globals.push(`--${name}${isSwitch ? '' : (value ?? '')}`);
    if (takesValue && value === undefined) {
      index += 1;
      const next = args[index];
      if (next !== undefined) globals.push(next);
    }
  }
  const command = args[index] ?? null;
  if (command?.startsWith('-') === true) {
    return /^--?h(elp)?$/.test(command)
      ? { command: null, args: [], hadGlobals: globals.length > 0 }
      : { command, args: args.slice(index + 1), hadGlobals: globals.length > 0 };
  }
  const own = args.slice(index + 1);
  const passed = command !== null && withoutConfiguration.has(command) ? own : [...globals, ...own];
  return { command, args: passed, hadGlobals: globals.length > 0 };
}
