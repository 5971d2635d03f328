import { timingSafeEqual } from 'node:crypto';
import { hashRaw } from '@node-rs/argon2';
import { verify } from '@node-rs/bcrypt';

/** A stored `ALGO:DATA` value (runtime-core 15.4). */
export type PasswordHash =
  | { readonly algorithm: 'bcrypt'; readonly cost: number; readonly hash: string }
  | {
      readonly algorithm: 'argon2';
      readonly time: number;
      /** KiB */
      readonly memory: number;
      readonly threads: number;
      readonly salt: Buffer;
      readonly hash: Buffer;
    };

/** Whoever can write the table could otherwise stop the server with one entry. */
const most = { time: 1000, memory: 4 * 1024 * 1024, threads: 255, hash: 1024 };

/** Null for a form that is not known or not enabled: such a password is refused. */
export function parsePasswordHash(value: string): PasswordHash | null {
  const colon = value.indexOf(':');
  if (colon === -1) return null;
  const data = value.slice(colon + 1);
  switch (value.slice(0, colon)) {
    case 'bcrypt': {
      const cost = /^\$2[aby]\$([0-9]{2})\$[./A-Za-z0-9]{53}$/.exec(data)?.[1];
      return cost === undefined ? null : { algorithm: 'bcrypt', cost: Number(cost), hash: data };
    }
    case 'argon2':
      return parseArgon2(data);
    default:
      return null;
  }
}

function parseArgon2(data: string): PasswordHash | null {
  const [time, memory, threads, salt, hash, ...rest] = data.split(':');
  if (hash === undefined || salt === undefined || rest.length > 0) return null;
  const numbers = [time, memory, threads].map((text) => (/^[0-9]{1,9}$/.test(text ?? '') ? Number(text) : 0));
  const [timeCost = 0, memoryCost = 0, parallelism = 0] = numbers;
  const parsed = {
    algorithm: 'argon2' as const,
    time: timeCost,
    memory: memoryCost,
    threads: parallelism,
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  };
  const sane =
    within(timeCost, most.time) &&
    within(memoryCost, most.memory) &&
    within(parallelism, most.threads) &&
    within(parsed.hash.length, most.hash) &&
    parsed.salt.length >= 8;
  return sane ? parsed : null;
}

function within(value: number, limit: number): boolean {
  return value >= 1 && value <= limit;
}

/** The work is done off the event loop. */
export async function verifyPassword(password: string, stored: PasswordHash): Promise<boolean> {
  if (stored.algorithm === 'bcrypt') return verify(password, stored.hash);
  const { time, memory, threads, salt, hash } = stored;
  const computed = await hashRaw(password, {
    timeCost: time,
    memoryCost: memory,
    parallelism: threads,
    salt,
    outputLen: hash.length,
  });
  return timingSafeEqual(computed, hash);
}

/** A hash that no password has and that costs as much as `like`: verifying against it takes the same time. */
export function impossibleHash(like: PasswordHash | null): PasswordHash {
  if (like?.algorithm === 'argon2')
    return { ...like, salt: Buffer.alloc(like.salt.length), hash: Buffer.alloc(like.hash.length) };
  const cost = like?.cost ?? 10;
  return { algorithm: 'bcrypt', cost, hash: `$2a$${String(cost).padStart(2, '0')}$${'.'.repeat(53)}` };
}
