import * as argon2 from '@node-rs/argon2';
import * as bcrypt from '@node-rs/bcrypt';
import { describe, expect, test } from 'vitest';
import { hashRaw } from '../../vscode-extension/src/program/argon2.ts';
import { hash, verify } from '../../vscode-extension/src/program/bcrypt.ts';

const passwords = ['secret', '', 'pässword', 'a'.repeat(72), `${'a'.repeat(72)}b`];

// The program in the editor's package has no native modules: it must take the passwords that the other one takes.
describe('hashes of passwords without native modules', () => {
  test.each(passwords)('bcrypt verifies what the native one has made: %s', async (password) => {
    const stored = await bcrypt.hash(password, { cost: 4, version: '2a' });
    expect(await verify(password, stored)).toBe(true);
    expect(await verify(`x${password}`, stored)).toBe(false);
  });

  test('the native bcrypt verifies what it has made', async () => {
    const stored = await hash('secret', { cost: 4 });
    expect(stored).toMatch(/^\$2a\$04\$/);
    expect(await bcrypt.verify('secret', stored)).toBe(true);
    expect(await hash('secret', { cost: 4 })).not.toBe(stored);
  });

  test.each(['2a', '2b', '2y'] as const)('bcrypt of version %s is verified', async (version) => {
    expect(await verify('secret', await bcrypt.hash('secret', { cost: 4, version }))).toBe(true);
  });

  test('what stands in for an unknown user has no password', async () => {
    expect(await verify('secret', `$2a$04$${'.'.repeat(53)}`)).toBe(false);
  });

  test.each([
    { timeCost: 2, memoryCost: 1024, parallelism: 1, outputLen: 64 },
    { timeCost: 1, memoryCost: 64, parallelism: 4, outputLen: 32 },
    { timeCost: 3, memoryCost: 19, parallelism: 2, outputLen: 16 },
  ])('argon2 gives what the native one gives: %o', async (options) => {
    // An empty one hash-wasm refuses to hash.
    for (const password of passwords.filter((each) => each !== '')) {
      const salt = Buffer.from('0123456789abcdef');
      expect(await hashRaw(password, { ...options, salt })).toEqual(
        await argon2.hashRaw(password, { ...options, salt }),
      );
    }
  });
});
