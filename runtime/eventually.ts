import { afterwards, isLater } from '../compiler/routing/later.ts';
import type { Eventually } from './module.ts';

/** Runs `start` and goes on with what it gave or with what it threw, now or later. */
export function settle<T, R>(
  start: () => Eventually<T>,
  done: (value: T) => Eventually<R>,
  failed: (error: unknown) => Eventually<R>,
): Eventually<R> {
  let value: Eventually<T>;
  try {
    value = start();
  } catch (error) {
    return failed(error);
  }
  return isLater(value) ? afterwards(value, done, failed) : done(value);
}

/** Does the work for one after another: at once as long as each is done at once. */
export function inTurn<T>(items: Iterable<T>, work: (item: T) => Eventually<void>): Eventually<void> {
  return goOn(items[Symbol.iterator](), work);
}

function goOn<T>(left: Iterator<T>, work: (item: T) => Eventually<void>): Eventually<void> {
  for (let next = left.next(); !next.done; next = left.next()) {
    const done = work(next.value);
    if (isLater(done)) return afterwards(done, () => goOn(left, work), null);
  }
}

/** All values: at once when all are at hand. */
export function gather<T>(values: readonly Eventually<T>[]): Eventually<readonly T[]> {
  const ready: T[] = [];
  for (const value of values) {
    if (isLater(value)) return Promise.all(values);
    ready.push(value);
  }
  return ready;
}
