import { type HashMethod, usualArgon2, usualBcrypt } from '../runtime/modules/auth/new-password-hash.ts';
import type { Invocation, OptionSpec } from './command.ts';

/** Wrong use in maddy's words: `Error: Error: TEXT`, exit code 2 (runtime-core 1.1). */
export class MaddyUsageError extends Error {}

export const passwordOptions: readonly OptionSpec[] = [
  {
    name: 'password',
    short: 'p',
    value: 'PASSWORD',
    help: 'instead of asking for it; others see it in the process list',
  },
  { name: 'hash', value: 'ALGORITHM', usual: () => ['bcrypt', 'argon2'], help: 'bcrypt (default) or argon2' },
  { name: 'bcrypt-cost', value: 'N', help: 'binary logarithm of the rounds, 4 to 31; default 10' },
];

const leastCost = 4;
const greatestCost = 31;

/** How the options say that a password is to be kept. Throws MaddyUsageError. */
export function hashMethod(invocation: Invocation): HashMethod {
  const { value } = invocation;
  const algorithm = value('hash') ?? 'bcrypt';
  if (algorithm === 'bcrypt') {
    const cost = wholeNumber(invocation, 'bcrypt-cost', usualBcrypt.cost);
    if (cost < leastCost) throw new MaddyUsageError('too small bcrypt cost');
    if (cost > greatestCost) throw new MaddyUsageError('too big bcrypt cost');
    return { algorithm, cost };
  }
  if (algorithm !== 'argon2') throw new MaddyUsageError('Unknown hash function, available: bcrypt, argon2');
  const time = wholeNumber(invocation, 'argon2-time', usualArgon2.time);
  const memory = wholeNumber(invocation, 'argon2-memory', usualArgon2.memory);
  const threads = wholeNumber(invocation, 'argon2-threads', usualArgon2.threads);
  if (time < 1 || threads < 1 || threads > 255 || memory < 8 * threads) {
    throw new MaddyUsageError(
      'argon2 needs a time of at least 1, 1 to 255 threads, and 8 KiB of memory for each of them',
    );
  }
  return { algorithm, time, memory, threads };
}

function wholeNumber({ value }: Invocation, option: string, usual: number): number {
  const text = value(option);
  if (text === undefined) return usual;
  if (!/^[0-9]{1,9}$/.test(text)) throw new MaddyUsageError(`--${option} ${text}: not a whole number`);
  return Number(text);
}

/** Asked for unless it was given; with a warning for what is probably a slip. */
export async function passwordOf({ io, value }: Invocation, question: string): Promise<string> {
  const { askPassword } = await import('./prompt.ts');
  const password = value('password') ?? (await askPassword(io, question));
  if (/^\s|\s$/.test(password)) {
    io.stderr.write('WARNING: There is leading/trailing whitespace in the string\n');
  }
  return password;
}
