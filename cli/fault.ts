import packageJson from '../package.json' with { type: 'json' };
import type { Io } from './io.ts';

/** A fault of ours: says so, and gives what a report needs, without passwords. The whole stack is for `--verbose`. */
export function reportFault(error: unknown, args: readonly string[], io: Io): void {
  const fault = error instanceof Error ? error : new Error(String(error));
  const { version, homepage } = packageJson;
  const isVerbose = args.includes('--verbose');
  io.stderr.write(
    [
      `maddyc: this is a fault of maddyc, not of your configuration: ${fault.message}`,
      `  please report it at ${homepage}/issues with these lines and, if you can, the file:`,
      `  maddyc ${version}, Node ${process.versions.node}, ${process.platform} ${process.arch}`,
      `  arguments: ${withoutPasswords(args)
        .map((arg) => JSON.stringify(arg))
        .join(' ')}`,
      ...(isVerbose ? [fault.stack ?? ''] : [...firstFrames(fault), '  --verbose shows more']),
      '',
    ].join('\n'),
  );
}

const passwordOption = /^(?:--?password|-p)(=.*)?$/s;

/** `creds` and `hash` take passwords as values of an option. */
function withoutPasswords(args: readonly string[]): readonly string[] {
  return args.map((arg, at) => {
    const [option, value] = passwordOption.exec(arg) ?? [];
    if (option !== undefined) return value === undefined ? arg : `${arg.slice(0, -value.length)}=…`;
    if (passwordOption.test(args[at - 1] ?? '') && !args[at - 1]?.includes('=')) return '…';
    return /^-p./s.test(arg) ? '-p…' : arg;
  });
}

function firstFrames(fault: Error): string[] {
  return (fault.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 4)
    .map((line) => `  ${line.trim().replace(/\(?(file:\/\/)?\/[^ ]*\//, '(')}`);
}
