import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** A server that has just begun to listen has more urgent things to do. */
const patience = 400;

/**
 * Collects, once there is time, what reading and compiling a configuration leaves behind: some ten megabytes, which V8 would keep
 * for as long as a quiet server allocates next to nothing.
 */
export function collectGarbageSoon(): void {
  setTimeout(collectGarbage, patience).unref();
}

/** At once. V8 gives the function to contexts that are made while the flag stands. */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('globalThis.gc');
  setFlagsFromString('--no-expose-gc');
  // The flavour that also gives the memory back at once.
  if (typeof collect === 'function') collect({ type: 'major', flavor: 'last-resort' });
}
