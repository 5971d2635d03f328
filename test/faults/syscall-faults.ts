import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** What happens to a process when it enters a system call for the `when`th time in one of its threads (strace 4.15 and later). */
export interface SyscallFault {
  /** Writes of SQLite: pages, and the sync behind them. */
  readonly call: 'fsync' | 'pwrite64';
  readonly does: 'signal=SIGKILL' | 'error=EIO' | 'error=ENOSPC';
  /** `3`: the third time, `3..9`: from the third to the ninth time. */
  readonly when: string;
}

/** A command line under strace, which keeps it a child of ours. */
export function underFault(
  { call, does, when }: SyscallFault,
  program: readonly string[],
): readonly [string, ...string[]] {
  const options = [
    '-D',
    '-f',
    '-qq',
    '-o',
    '/dev/null',
    '-e',
    `trace=${call}`,
    '-e',
    `inject=${call}:${does}:when=${when}`,
  ];
  return ['strace', ...options, ...program];
}

/** Null where system calls can be tampered with, else why not. */
export function missingTracer(): string | null {
  const [program, ...args] = underFault({ call: 'fsync', does: 'error=EIO', when: '1' }, ['true']);
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return null;
  } catch {
    return 'strace may not trace here (apt-get install strace, ptrace must be permitted)';
  }
}

export const maddycFromSources = [process.execPath, join(import.meta.dirname, '..', '..', 'cli', 'entry.ts')] as const;
