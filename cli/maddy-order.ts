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
    globals.push(`--${name}${value ?? ''}`);
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
  return { command, args: [...globals, ...args.slice(index + 1)], hadGlobals: globals.length > 0 };
}
