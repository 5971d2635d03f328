import { readdirSync, readFileSync } from 'node:fs';
import { pause } from './stage.ts';

/** Seconds in which what a stage has stopped may still be on its way out. */
const patience = 5;

export interface Leftover {
  readonly id: number;
  readonly command: string;
}

/**
 * Ends what a stage has started and left running, and says what it was. Its processes are those that have its scratch folder in
 * their arguments or environment: nobody else knows that name.
 */
export async function endLeftovers(scratch: string, seconds = patience): Promise<readonly Leftover[]> {
  const end = performance.now() + seconds * 1000;
  let left = processesOf(scratch);
  while (left.length > 0 && performance.now() < end) {
    await pause(100);
    left = processesOf(scratch);
  }
  for (const { id } of left) {
    try {
      process.kill(id, 'SIGKILL');
    } catch {
      // It has just ended.
    }
  }
  return left;
}

/** None where there is no `/proc`. */
function processesOf(scratch: string): readonly Leftover[] {
  return entriesOf('/proc').flatMap((name) => {
    const id = Number(name);
    if (!Number.isInteger(id) || id === process.pid) return [];
    const command = textOf(`/proc/${name}/cmdline`);
    // One that has ended and is not yet waited for has no command any more.
    const isOurs = command !== '' && `${command}\0${textOf(`/proc/${name}/environ`)}`.includes(scratch);
    return isOurs ? [{ id, command: command.replaceAll('\0', ' ').trim() }] : [];
  });
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
