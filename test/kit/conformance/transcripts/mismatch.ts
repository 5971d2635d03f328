import { patternOf } from './placeholders.ts';

/** What was recorded and what happened are not the same. */
export class Mismatch extends Error {
  override readonly name = 'Mismatch';
}

export function expectText(what: string, expected: string, actual: string): void {
  if (!patternOf(expected).test(actual)) {
    throw new Mismatch(`${what}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`);
  }
}

/** Fails with what was waited for when it has not come in time. */
export async function within<T>(milliseconds: number, what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Mismatch(`${what}: nothing after ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
