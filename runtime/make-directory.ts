import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCodeOf, systemReasonOf } from './reason-of.ts';

/** With its parents. Node's own way never ends where the system says for ever that the parent is missing (below /proc). */
export function makeDirectory(directory: string, mode = 0o700): void {
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory()) return;
  const parent = dirname(directory);
  if (parent !== directory) makeDirectory(parent, mode);
  try {
    mkdirSync(directory, { mode });
  } catch (error) {
    const isThere = errorCodeOf(error) === 'EEXIST';
    // Another process may have made it meanwhile.
    if (isThere && statSync(directory).isDirectory()) return;
    throw new Error(`mkdir ${directory}: ${isThere ? 'not a directory' : systemReasonOf(error)}`, { cause: error });
  }
}
