import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { type Answer, after, afterwards, isLater, Later, type Pending, tell } from '../../../compiler/routing/later.ts';

/** A chain of steps over a value that comes later; each gives its answer in one of the ways that there are. */
type Step = {
  readonly answer: 'value' | 'later' | 'promise' | 'throws' | 'fails later';
  readonly hearsErrors: boolean;
};

const steps = fc.array(
  fc.record<Step>({
    answer: fc.constantFrom('value', 'later', 'promise', 'throws', 'fails later'),
    hearsErrors: fc.boolean(),
  }),
  { maxLength: 8 },
);

const source = fc.record({ fails: fc.boolean(), comes: fc.constantFrom('before', 'after', 'in a turn of its own') });

/** Runs the chain over the pending value; the way of what is heard, as text. */
function chain(pending: Pending<string>, script: readonly Step[], make: () => Settled): Promise<string> {
  let value: Pending<string> = pending;
  for (const [at, { answer, hearsErrors }] of script.entries()) {
    const give = (said: string): Answer<string> => {
      if (answer === 'throws') throw new Error(said);
      if (answer === 'value') return said;
      if (answer === 'promise') return Promise.resolve(said);
      const { later, settle } = make();
      settle(said, answer === 'fails later');
      return later;
    };
    const failed = (error: unknown): Answer<string> => give(`${textOf(error)} heard ${at}`);
    value = afterwards(value, (said) => give(`${said} ${at}`), hearsErrors ? failed : null);
  }
  return Promise.resolve(value).then(
    (said) => `value: ${said}`,
    (error: unknown) => `error: ${textOf(error)}`,
  );
}

interface Settled {
  readonly later: Pending<string>;
  readonly settle: (said: string, fails: boolean) => void;
}

function ours(): Settled {
  const later = new Later<string>();
  return { later, settle: (said, fails) => (fails ? later.hearError(new Error(said)) : later.hear(said)) };
}

function standard(): Settled {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  return { later: promise, settle: (said, fails) => (fails ? reject(new Error(said)) : resolve(said)) };
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

test('a chain of steps comes to what a chain of promises comes to', async () => {
  await fc.assert(
    fc.asyncProperty(source, steps, async ({ fails, comes }, script) => {
      const outcomes = [ours, standard].map(async (make) => {
        const { later, settle } = make();
        if (comes === 'before') settle('first', fails);
        const outcome = chain(later, script, make);
        if (comes === 'after') settle('first', fails);
        if (comes === 'in a turn of its own') setTimeout(settle, 0, 'first', fails);
        return outcome;
      });
      const [mine, theirs] = await Promise.all(outcomes);
      expect(mine).toBe(theirs);
    }),
    { numRuns: 300 },
  );
});

test('who waits goes on in the moment when the value comes', () => {
  const later = new Later<number>();
  const heard: number[] = [];
  afterwards(
    afterwards(later, (value) => value + 1, null),
    (value) => heard.push(value),
    null,
  );
  tell(later, { hear: (value) => heard.push(value), hearError: () => {} });
  expect(heard).toEqual([]);
  later.hear(1);
  expect(heard).toEqual([2, 1]);
  later.hear(5);
  later.hearError(new Error('too late'));
  expect(heard).toEqual([2, 1]);
});

test('who begins to wait when the value has come goes on in a later turn', async () => {
  const later = new Later<number>();
  later.hear(1);
  const heard: number[] = [];
  tell(later, { hear: (value) => heard.push(value), hearError: () => {} });
  expect(heard).toEqual([]);
  await vi.waitFor(() => expect(heard).toEqual([1]));
});

test('what is at hand goes on at once', () => {
  expect(after(1, (value) => value + 1)).toBe(2);
  expect(isLater(1)).toBe(false);
  expect(isLater(new Later())).toBe(true);
  expect(isLater(Promise.resolve())).toBe(true);
});

test('can be awaited and gathered', async () => {
  const [first, second] = [new Later<string>(), new Later<string>()];
  setTimeout(() => first.hear('one'), 0);
  second.hear('two');
  expect(await Promise.all([first, second])).toEqual(['one', 'two']);
  const failing = new Later<string>();
  setTimeout(() => failing.hearError(new Error('no')), 0);
  await expect(failing).rejects.toThrow('no');
});

test('an error that nobody hears is told to the system, like that of a promise', async () => {
  const others = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  const unheard = new Promise<unknown>((resolve) => process.once('unhandledRejection', resolve));
  new Later<string>().hearError(new Error('nobody hears this'));
  const reason = await unheard;
  for (const listener of others) process.on('unhandledRejection', listener);
  expect(textOf(reason)).toBe('nobody hears this');
});
