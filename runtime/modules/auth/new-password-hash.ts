import { randomBytes } from 'node:crypto';
import { hashRaw } from '@node-rs/argon2';
import { hash as bcrypt } from '@node-rs/bcrypt';

/** How a new password is kept. `memory` is in KiB. */
export type HashMethod =
  | { readonly algorithm: 'bcrypt'; readonly cost: number }
  | { readonly algorithm: 'argon2'; readonly time: number; readonly memory: number; readonly threads: number };

/** maddy's own choices (runtime-core 1.2). */
export const usualBcrypt = { algorithm: 'bcrypt', cost: 10 } as const;
export const usualArgon2 = { algorithm: 'argon2', time: 2, memory: 1024, threads: 1 } as const;

const saltLength = 16;
const argon2Length = 64;
/** bcrypt takes no notice of what comes after: half a password would be as good as the whole. */
const longestForBcrypt = 72;

/** `ALGO:DATA` as `auth.pass_table` reads it, with a salt of its own. Throws for what the method cannot keep. */
export async function hashPassword(password: string, method: HashMethod): Promise<string> {
  if (method.algorithm === 'bcrypt') {
    if (Buffer.byteLength(password) > longestForBcrypt) throw new Error('bcrypt: password length exceeds 72 bytes');
    return `bcrypt:${await bcrypt(password, { cost: method.cost, version: '2a' })}`;
  }
  const { time, memory, threads } = method;
  const salt = randomBytes(saltLength);
  const hash = await hashRaw(password, {
    timeCost: time,
    memoryCost: memory,
    parallelism: threads,
    salt,
    outputLen: argon2Length,
  });
  return ['argon2', time, memory, threads, salt.toString('base64'), hash.toString('base64')].join(':');
}
