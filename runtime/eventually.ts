import type { Eventually } from './module.ts';

export function isLater<T>(value: Eventually<T>): value is Promise<T> {
  return value instanceof Promise;
}

/** Goes on with the value: at once when it is at hand, so that replies of one burst leave together. */
export function after<T, R>(value: Eventually<T>, next: (value: T) => Eventually<R>): Eventually<R> {
  return isLater(value) ? value.then(next) : next(value);
}

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
  return isLater(value) ? value.then(done, failed) : done(value);
}

/** Does the work for one after another: at once as long as each is done at once. */
export function inTurn<T>(items: Iterable<T>, work: (item: T) => Eventually<void>): Eventually<void> {
  return goOn(items[Symbol.iterator](), work);
}

function goOn<T>(left: Iterator<T>, work: (item: T) => Eventually<void>): Eventually<void> {
  for (let next = left.next(); !next.done; next = left.next()) {
    const done = work(next.value);
    if (isLater(done)) return done.then(() => goOn(left, work));
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
