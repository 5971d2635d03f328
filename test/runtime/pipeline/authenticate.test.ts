import { expect, test } from 'vitest';
import type { AuthVerdict, Table } from '../../../runtime/module.ts';
import { authenticate } from '../../../runtime/pipeline/authenticate.ts';
import { tableOfEntries } from '../../kit/modules.ts';

const origin = { address: null, port: null, localAddress: null, localPort: null, tls: true };

/** What a login by `user` leads to, and whom the provider, which accepts everybody, was asked about. */
async function logIn(
  user: string,
  map: Table | null,
  mechanism = 'PLAIN',
  verdict: AuthVerdict = { kind: 'accepted' },
) {
  const asked: string[] = [];
  const provider = {
    authenticate: async (request: { readonly user: string }) => {
      asked.push(request.user);
      return verdict;
    },
  };
  const options = { providers: [provider], normalize: 'auto', map } as const;
  const outcome = await authenticate(options, origin, mechanism, { user, password: 'pw' });
  return { kind: outcome.verdict.kind, identity: outcome.identity, account: outcome.account, asked };
}

test('the provider is asked about the normalised name, the session keeps the name as sent', async () => {
  expect(await logIn('Ann@X.test', null)).toEqual({
    kind: 'accepted',
    identity: 'Ann@X.test',
    account: 'ann@x.test',
    asked: ['ann@x.test'],
  });
});

test('LOGIN maps twice and keeps what the first pass gave', async () => {
  const map = tableOfEntries({ 'ann@x.test': ['second'], second: ['third'] });
  expect(await logIn('Ann@X.test', map, 'LOGIN')).toEqual({
    kind: 'accepted',
    identity: 'second',
    account: 'third',
    asked: ['third'],
  });
});

test('who is not in the map is refused, and takes as long: the provider is asked all the same', async () => {
  const map = tableOfEntries({ ann: ['a'] });
  expect(await logIn('ann', map)).toMatchObject({ kind: 'accepted', asked: ['a'] });
  expect(await logIn('bob', map)).toMatchObject({ kind: 'refused', asked: ['bob'] });
  expect(await logIn('bob', map, 'PLAIN', { kind: 'refused', reason: 'no' })).toMatchObject({ kind: 'refused' });
  // PRECIS knows no blanks in user names.
  expect(await logIn('a b', null)).toMatchObject({ kind: 'refused' });
});

test('a map that cannot be asked is a temporary failure', async () => {
  const failing: Table = { lookup: () => Promise.reject(new Error('database is locked')) };
  expect(await logIn('ann', failing)).toMatchObject({ kind: 'temporary', asked: [] });
});
