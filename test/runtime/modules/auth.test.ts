import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { AuthRequest, AuthVerdict } from '../../../runtime/module.ts';
import { firstAccepting } from '../../../runtime/modules/auth/first-accepting.ts';
import { PassTable } from '../../../runtime/modules/auth/pass-table.ts';
import { impossibleHash, parsePasswordHash, verifyPassword } from '../../../runtime/modules/auth/password-hash.ts';
import { plainSeparate } from '../../../runtime/modules/auth/plain-separate.ts';
import { WorkLimit } from '../../../runtime/modules/auth/work-limit.ts';
import { moduleContext, tableOfEntries } from '../../kit/modules.ts';
import { use } from '../../kit/plan.ts';

interface Units {
  readonly password_hash: readonly { readonly hash: string; readonly password: string; readonly ok: boolean }[];
}

const units: Units = JSON.parse(readFileSync(new URL('../../vectors/units.json', import.meta.url), 'utf8'));
const argon2 = units.password_hash.find(({ hash, ok }) => ok && hash.startsWith('argon2'))?.hash ?? '';
const bcrypt = units.password_hash.find(({ hash, ok }) => ok && hash.startsWith('bcrypt'))?.hash ?? '';

function login(user: string, password: string): AuthRequest {
  return { user, password, remote: null, local: null, secured: true };
}

describe('stored passwords as recorded', () => {
  test.each(units.password_hash)('$hash against $password', async ({ hash, password, ok }) => {
    const stored = parsePasswordHash(hash);
    expect(stored !== null && (await verifyPassword(password, stored))).toBe(ok);
  });

  test.each([
    'argon2:0:1024:1:AAAAAAAAAAA=:AAAA',
    'argon2:2:99999999999:1:AAAAAAAAAAA=:AAAA',
    'argon2:2:1024:1:AA==:AAAA',
    'bcrypt:$2a$04$short',
    'sha256:x:y',
    '',
  ])('%j is no hash', (value) => {
    expect(parsePasswordHash(value)).toBeNull();
  });

  test('the stand-in for unknown users costs as much as the usual hash and fits no password', async () => {
    for (const value of [argon2, bcrypt]) {
      const usual = parsePasswordHash(value);
      const standIn = impossibleHash(usual);
      expect({ ...standIn, hash: null, salt: null }).toEqual({ ...usual, hash: null, salt: null });
      expect(await verifyPassword('', standIn)).toBe(false);
    }
    expect(impossibleHash(null)).toMatchObject({ algorithm: 'bcrypt', cost: 10 });
  });
});

describe('pass_table', () => {
  const table = new PassTable(tableOfEntries({ ann: [argon2], odd: ['md5:x'] }));

  test.each<[string, string, AuthVerdict]>([
    ['Ann', 'argonpw', { kind: 'accepted' }],
    ['ann', 'wrong', { kind: 'refused', reason: 'argon2: hash is not the hash of the given password' }],
    ['zz', 'argonpw', { kind: 'refused', reason: 'unknown credentials' }],
    ['a b', 'argonpw', { kind: 'refused', reason: 'unknown credentials' }],
    ['odd', 'x', { kind: 'refused', reason: 'no hash algorithm of the stored password is known' }],
  ])('%s / %s', async (user, password, verdict) => {
    expect(await table.authenticate(login(user, password))).toEqual(verdict);
  });

  test('a table that fails says nothing about the password (D6)', async () => {
    const failing = new PassTable({ lookup: () => Promise.reject(new Error('database is locked')) });
    expect(await failing.authenticate(login('ann', 'x'))).toEqual({ kind: 'temporary', reason: 'database is locked' });
  });
});

describe('several providers', () => {
  const saying = (verdict: AuthVerdict) => ({ authenticate: async () => verdict });
  const accepted = saying({ kind: 'accepted' });
  const refused = saying({ kind: 'refused', reason: 'no' });
  const temporary = saying({ kind: 'temporary', reason: 'down' });
  const broken = { authenticate: () => Promise.reject(new Error('broken')) };

  test.each([
    ['the first that accepts', [refused, temporary, accepted], { kind: 'accepted' }],
    ['one that could not tell makes it temporary', [temporary, refused], { kind: 'temporary', reason: 'down' }],
    ['a fault is temporary', [broken], { kind: 'temporary', reason: 'broken' }],
    ['all refused', [refused, refused], { kind: 'refused', reason: 'no' }],
    ['none', [], { kind: 'refused', reason: 'no authentication provider' }],
  ])('%s', async (_, providers, verdict) => {
    expect(await firstAccepting(providers, login('u', 'p'))).toEqual(verdict);
  });
});

test('plain_separate: the user in a table and the password by a provider, both are needed', async () => {
  const named = {
    users: { table: tableOfEntries({ ann: [''] }) },
    down: { table: { lookup: () => Promise.reject(new Error('down')) } },
    passwords: { auth: new PassTable(tableOfEntries({ ann: [argon2], bob: [argon2] })) },
  };
  const verdicts = async (user: readonly string[], pass: readonly string[]): Promise<string[]> => {
    const config = { debug: false, user: user.map(use), pass: pass.map(use) };
    const { auth } = plainSeparate.create(config, moduleContext({ named }).context);
    const tries = [login('ann', 'argonpw'), login('ann', 'wrong'), login('bob', 'argonpw')];
    const answers = await Promise.all(tries.map((request) => auth?.authenticate(request)));
    return answers.map((answer) => answer?.kind ?? 'none');
  };
  expect(await verdicts(['users'], ['passwords'])).toEqual(['accepted', 'refused', 'refused']);
  expect(await verdicts([], ['passwords'])).toEqual(['accepted', 'refused', 'accepted']);
  expect(await verdicts(['users'], [])).toEqual(['refused', 'refused', 'refused']);
  expect(await verdicts(['down'], ['passwords'])).toEqual(['temporary', 'temporary', 'temporary']);
});

test('hashing takes no more cores than there are, and a bounded line waits', async () => {
  const limit = new WorkLimit(2, 1);
  let running = 0;
  let most = 0;
  const gate = Promise.withResolvers<void>();
  const job = async (): Promise<string> => {
    most = Math.max(most, ++running);
    await gate.promise;
    running--;
    return 'done';
  };
  const jobs = [limit.run(job), limit.run(job), limit.run(job), limit.run(job)];
  gate.resolve();
  expect(await Promise.all(jobs)).toEqual(['done', 'done', 'done', null]);
  expect(most).toBe(2);
});
