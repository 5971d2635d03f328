import { resolve } from 'node:path';
import { systemReasonOf } from '../reason-of.ts';
import { FileTarget } from './file-target.ts';
import { StderrTarget } from './stderr-target.ts';

/** One place that lines go to. */
export interface LogTarget {
  readonly timestamps: boolean;
  /** Keeps a line, with its LF, for the next write. */
  append(line: string, debug: boolean): void;
  /** Begins to write what is kept. */
  write(): void;
  /** Writes what is kept before it returns. */
  writeNow(): void;
  /** Done when all that was kept has left the process. */
  drain(): Promise<void>;
  /** Opens a file anew by its name. */
  reopen(): void;
  close(): void;
}

/** A `log` directive or `--log` option that cannot be obeyed; the message is for the user. */
export class LogTargetError extends Error {}

/**
 * Targets by their words (runtime-core 3.1): `stderr`, `stderr_ts`, `syslog`, `off`, or a file,
 * below `directory` unless its path says otherwise. `shared`: with other processes.
 */
export async function openTargets(
  words: readonly string[],
  { shared = false, directory = process.cwd() }: { readonly shared?: boolean; readonly directory?: string } = {},
): Promise<readonly LogTarget[]> {
  if (words.includes('off')) {
    if (words.length > 1) throw new LogTargetError("'off' can't be combined with other log targets");
    return [];
  }
  return Promise.all(words.map((word) => openTarget(word, shared, directory)));
}

async function openTarget(word: string, shared: boolean, directory: string): Promise<LogTarget> {
  switch (word) {
    case 'stderr':
      return new StderrTarget(false, shared);
    case 'stderr_ts':
      return new StderrTarget(true, shared);
    case 'syslog': {
      // Only who logs there pays for the means to start programs.
      const { SyslogTarget } = await import('./syslog-target.ts');
      return new SyslogTarget();
    }
    default:
      try {
        return new FileTarget(resolve(directory, word));
      } catch (error) {
        throw new LogTargetError(`failed to create log file: open ${word}: ${systemReasonOf(error)}`);
      }
  }
}
