import type { Io } from './io.ts';
import { version } from './version.ts';

/** A fault of ours: says so, and gives what a report needs. The stack is only for `--verbose`. */
export function reportFault(error: unknown, args: readonly string[], io: Io): void {
  const fault = error instanceof Error ? error : new Error(String(error));
  io.stderr.write(
    [
      `maddyc: this is a fault of maddyc, not of your configuration: ${fault.message}`,
      '  please report it with these lines and, if you can, the file:',
      `  maddyc ${version}, Node ${process.versions.node}, ${process.platform} ${process.arch}`,
      `  arguments: ${args.map((arg) => JSON.stringify(arg)).join(' ')}`,
      ...firstFrames(fault),
      '',
    ].join('\n'),
  );
}

function firstFrames(fault: Error): string[] {
  return (fault.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 4)
    .map((line) => `  ${line.trim().replace(/\(?(file:\/\/)?\/[^ ]*\//, '(')}`);
}
