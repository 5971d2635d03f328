import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DovecotProtocolError } from '../../../runtime/sasl/dovecot-protocol.ts';
import { DovecotAuthServer } from '../../../runtime/sasl/dovecot-server.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** A server that knows `ann` with `pw` and cannot tell about `away`, and what it has written. */
function start() {
  const state = { output: '', asked: [] as string[], refused: [] as string[] };
  const server = new DovecotAuthServer({
    mechanisms: ['PLAIN', 'LOGIN'],
    processId: 77,
    connectionId: 3,
    cookie: '0'.repeat(32),
    write: (text) => {
      state.output += text;
    },
    logIn: async (mechanism, { user, password }, origin) => {
      state.asked.push(`${mechanism} ${user} ${origin.address ?? '-'} ${origin.tls ? 'tls' : 'clear'}`);
      if (user === 'away') throw new Error('database is locked');
      return user === 'ann' && password === 'pw' ? { kind: 'accepted', account: 'ann@x.test' } : { kind: 'refused' };
    },
    refused: (user) => state.refused.push(user),
  });
  state.output = '';
  return { server, state };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));
const hello = 'VERSION\t1\t2\nCPID\t9\n';

async function answers(text: string): Promise<string> {
  const { server, state } = start();
  server.receive(hello + text);
  await settled();
  return state.output;
}

test.each([
  ['AUTH\t1\tPLAIN\tservice=smtp\tresp=', '\0ann\0pw', 'OK\t1\n'],
  ['AUTH\t1\tplain\tservice=smtp\tnologin\tresp=', '\0ann\0pw', 'OK\t1\tuser=ann@x.test\n'],
  ['AUTH\t1\tPLAIN\tresp=', '\0ann\0no', 'FAIL\t1\treason=authentication failed\n'],
  ['AUTH\t1\tPLAIN\tresp=', 'bob\0ann\0pw', 'FAIL\t1\treason=authentication failed\n'],
  ['AUTH\t1\tPLAIN\tresp=', 'no NULs', 'FAIL\t1\treason=authentication failed\n'],
  ['AUTH\t1\tPLAIN\tresp=', '\0away\0pw', 'FAIL\t1\treason=Temporary authentication failure\ttemp\tcode=temp_fail\n'],
  ['AUTH\t1\tCRAM-MD5\tresp=', '', 'FAIL\t1\treason=unsupported mechanism\n'],
])('%s%j', async (line, response, expected) => {
  expect(await answers(`${line}${base64(response)}\n`)).toBe(expected);
});

test('challenges: an empty one for PLAIN, two for LOGIN, one where the name came at once', async () => {
  expect(await answers(`AUTH\t1\tPLAIN\tservice=smtp\nCONT\t1\t${base64('\0ann\0pw')}\n`)).toBe('CONT\t1\t\nOK\t1\n');
  const [user, password] = [base64('ann'), base64('pw')];
  const [askUser, askPassword] = [base64('Username:'), base64('Password:')];
  expect(await answers(`AUTH\t7\tLOGIN\tservice=smtp\nCONT\t7\t${user}\nCONT\t7\t${password}\n`)).toBe(
    `CONT\t7\t${askUser}\nCONT\t7\t${askPassword}\nOK\t7\n`,
  );
  expect(await answers(`AUTH\t7\tLOGIN\tresp=${user}\nCONT\t7\t${password}\n`)).toBe(
    `CONT\t7\t${askPassword}\nOK\t7\n`,
  );
});

test('addresses and TLS of the client are known to who checks the password', async () => {
  const { server, state } = start();
  server.receive(`${hello}AUTH\t1\tPLAIN\tsecured\trip=192.0.2.1\trport=1\tx=y\tresp=${base64('\0ann\0pw')}\n`);
  await settled();
  expect(state.asked).toEqual(['PLAIN ann 192.0.2.1 tls']);
});

describe('what ends a connection', () => {
  test.each([
    'CPID\t9\n',
    'VERSION\t2\t0\n',
    'VERSION\t1\n',
    'EHLO x\n',
    'VERSION\t1\t1\nVERSION\t1\t1\n',
    `${hello}USER\t1\n`,
    `${hello}AUTH\n`,
    `${hello}AUTH\tx\tPLAIN\n`,
    `${hello}AUTH\t1\tPLAIN\trip=nowhere\n`,
    `${hello}AUTH\t1\tPLAIN\trport=70000\n`,
    `${hello}AUTH\t1\tPLAIN\tresp=***\n`,
    `${hello}CONT\t1\tAAAA\n`,
    `${hello}AUTH\t1\tPLAIN\n`,
    `${hello}AUTH\t1\tPLAIN\tservice=smtp\nAUTH\t1\tPLAIN\tservice=smtp\n`,
    'x'.repeat(20_000),
  ])('%j', (text) => {
    expect(() => start().server.receive(text)).toThrow(DovecotProtocolError);
  });
});

test('cuts make no difference, and garbage does nothing but end the connection', async () => {
  const line = fc.oneof(
    fc
      .constantFrom('AUTH', 'CONT', 'CANCEL', 'VERSION\t1\t1', 'CPID\t1')
      .chain((command) =>
        fc
          .array(fc.constantFrom('1', '2', 'PLAIN', 'LOGIN', 'resp=', `resp=${base64('\0ann\0pw')}`, base64('ann'), ''))
          .map((fields) => [command, ...fields].join('\t')),
      ),
    fc.string(),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { maxLength: 8 }),
      fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
      async (lines, cuts) => {
        const text = `${hello}${lines.map((each) => `${each}\n`).join('')}`;
        const run = async (pieces: readonly string[]) => {
          const { server, state } = start();
          try {
            for (const piece of pieces) server.receive(piece);
          } catch (error) {
            expect(error).toBeInstanceOf(DovecotProtocolError);
          }
          await settled();
          return state;
        };
        const pieces: string[] = [];
        for (let at = 0; at < text.length; ) {
          const length: number = cuts.next().value;
          pieces.push(text.slice(at, at + length));
          at += length;
        }
        expect(await run(pieces)).toEqual(await run([text]));
      },
    ),
    { numRuns: 200 },
  );
});
