import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';

/**
 * Password hashes of /etc/shadow: SHA-crypt, `$5$` and `$6$` (U. Drepper, "Unix crypt using SHA-256 and SHA-512",
 * version 0.6, public domain).
 */

/** Rounds between two turns of the event loop: about a millisecond. */
const roundsPerTurn = 400;
const usualRounds = 5_000;
const leastRounds = 1_000;
const mostRounds = 999_999_999;
const longestSalt = 16;

export interface ShaCrypt {
  readonly algorithm: 'sha256' | 'sha512';
  readonly rounds: number;
  readonly salt: string;
  /** In crypt's base64. */
  readonly hash: string;
}

/** Null for another algorithm, and for what no password has (`!`, `*`). */
export function parseShaCrypt(text: string): ShaCrypt | null {
  const match = /^\$([56])\$(?:rounds=(\d{1,10})\$)?([^$:\n]*)\$([./0-9A-Za-z]+)$/.exec(text);
  if (match === null) return null;
  const [, id, rounds, salt = '', hash = ''] = match;
  return {
    algorithm: id === '5' ? 'sha256' : 'sha512',
    rounds: Math.min(Math.max(Number(rounds ?? usualRounds), leastRounds), mostRounds),
    salt: salt.slice(0, longestSalt),
    hash,
  };
}

/** The hash of a password, in crypt's base64. Leaves the event loop to others again and again. */
export async function shaCrypt(password: string, { algorithm, rounds, salt }: Omit<ShaCrypt, 'hash'>): Promise<string> {
  const key = Buffer.from(password);
  const saltBytes = Buffer.from(salt);
  const digest = (...parts: readonly Buffer[]): Buffer => {
    const hash = createHash(algorithm);
    for (const part of parts) hash.update(part);
    return hash.digest();
  };
  const alternate = digest(key, saltBytes, key);
  const parts = [key, saltBytes, stretched(alternate, key.length)];
  for (let bits = key.length; bits > 0; bits >>= 1) parts.push((bits & 1) === 1 ? alternate : key);
  let result = digest(...parts);
  const keySequence = stretched(digest(...Array.from({ length: key.length }, () => key)), key.length);
  const saltTimes = 16 + (result[0] ?? 0);
  const saltSequence = stretched(digest(...Array.from({ length: saltTimes }, () => saltBytes)), saltBytes.length);
  for (let round = 0; round < rounds; round++) {
    if (round % roundsPerTurn === roundsPerTurn - 1) await setImmediate();
    const isOdd = (round & 1) === 1;
    result = digest(
      isOdd ? keySequence : result,
      round % 3 === 0 ? nothing : saltSequence,
      round % 7 === 0 ? nothing : keySequence,
      isOdd ? result : keySequence,
    );
  }
  return encode(result, algorithm);
}

const nothing = Buffer.alloc(0);

function stretched(bytes: Buffer, length: number): Buffer {
  const result = Buffer.alloc(length);
  for (let at = 0; at < length; at += bytes.length) bytes.copy(result, at);
  return result;
}

const digits = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The bytes in crypt's order, three to four digits, lowest bits first. */
function encode(bytes: Buffer, algorithm: ShaCrypt['algorithm']): string {
  const third = Math.floor(bytes.length / 3);
  let text = '';
  for (let at = 0; at < third; at++) {
    const group = [at, at + third, at + 2 * third];
    // Each group begins one place further on; SHA-256 turns the other way round than SHA-512.
    const turn = algorithm === 'sha512' ? at % 3 : (3 - (at % 3)) % 3;
    const [high = 0, middle = 0, low = 0] = [...group.slice(turn), ...group.slice(0, turn)].map(
      (index) => bytes[index],
    );
    text += encodeNumber((high << 16) | (middle << 8) | low, 4);
  }
  return algorithm === 'sha512'
    ? text + encodeNumber(bytes[63] ?? 0, 2)
    : text + encodeNumber(((bytes[31] ?? 0) << 8) | (bytes[30] ?? 0), 3);
}

function encodeNumber(number: number, length: number): string {
  let text = '';
  for (let left = number; text.length < length; left >>= 6) text += digits[left & 63];
  return text;
}
