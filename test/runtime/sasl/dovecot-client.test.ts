import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { AuthRequest, AuthVerdict } from '../../../runtime/module.ts';
import { DovecotAuthClient } from '../../../runtime/sasl/dovecot-client.ts';
import { DovecotAuthMachine, DovecotProtocolError } from '../../../runtime/sasl/dovecot-protocol.ts';
import { eventually } from '../../kit/eventually.ts';

const handshake = 'VERSION\t1\t2\nMECH\tPLAIN\tplaintext\nMECH\tLOGIN\tplaintext\nSPID\t7\nCUID\t1\nCOOKIE\t00\nDONE\n';

function request(user: string, password = 'pw', changes: Partial<AuthRequest> = {}): AuthRequest {
  return { user, password, remote: null, local: null, secured: true, ...changes };
}

describe('the protocol', () => {
  function machine(greeting = handshake) {
    const written: string[] = [];
    const made = new DovecotAuthMachine((text) => written.push(text));
    made.begin(4711);
    made.receive(greeting);
    const verdicts: AuthVerdict[] = [];
    return { machine: made, written, verdicts, done: (verdict: AuthVerdict) => verdicts.push(verdict) };
  }

  test('PLAIN, with the ends of the client’s connection', () => {
    const { machine: made, written, verdicts, done } = machine();
    made.authenticate(
      request('good', 'pw', {
        remote: { address: '192.0.2.1', port: 4711 },
        local: { address: '2001:db8::1', port: 587 },
      }),
      done,
    );
    expect(written).toEqual([
      'VERSION\t1\t1\nCPID\t4711\n',
      'AUTH\t1\tPLAIN\tservice=SMTP\tsecured\tlip=2001:db8::1\tlport=587\trip=192.0.2.1\trport=4711\tresp=AGdvb2QAcHc=\n',
    ]);
    made.receive('OK\t1\tuser=good\n');
    expect(verdicts).toEqual([{ kind: 'accepted' }]);
  });

  test('who comes from this machine is not slowed down for what others behind it do', () => {
    for (const address of ['127.0.0.9', '::1']) {
      const { machine: made, written, done } = machine();
      made.authenticate(request('good', 'pw', { remote: { address, port: 1 } }), done);
      expect(written[1]).toContain(`\tno-penalty\trip=${address}\trport=1\t`);
    }
  });

  test('LOGIN where there is no PLAIN, whatever the server asks first', () => {
    const { machine: made, written, verdicts, done } = machine(handshake.replace('MECH\tPLAIN\tplaintext\n', ''));
    made.authenticate(request('u', 'p'), done);
    made.receive('CONT\t1\tVXNlcm5hbWU6\nCONT\t1\tUGFzc3dvcmQ6\nOK\t1\n');
    expect(written.slice(1)).toEqual([
      'AUTH\t1\tLOGIN\tservice=SMTP\tsecured\tno-penalty\tresp=dQ==\n',
      'CONT\t1\tdQ==\n',
      'CONT\t1\tcA==\n',
    ]);
    expect(verdicts).toEqual([{ kind: 'accepted' }]);
  });

  test('answers in any order belong to their questions', () => {
    const { machine: made, done, verdicts } = machine();
    for (const user of ['a', 'b', 'c']) made.authenticate(request(user), done);
    made.receive('FAIL\t3\tuser=c\nOK\t1\nFAI');
    made.receive('L\t2\tuser=b\ttemp\n');
    expect(verdicts.map(({ kind }) => kind)).toEqual(['refused', 'accepted', 'temporary']);
    expect(made.pending).toBe(0);
  });

  test.each([
    ['user=x', 'refused', 'dovecotsasl: authentication failed (code=)'],
    ['user=x\ttemp', 'temporary', 'dovecotsasl: authentication failed (code=temp_fail)'],
    ['code=temp_fail\treason=db down', 'temporary', 'dovecotsasl: authentication failed: db down (code=temp_fail)'],
    ['reason=gone\tuser_disabled', 'refused', 'dovecotsasl: authentication failed: gone (code=user_disabled)'],
    ['code=pass_expired', 'refused', 'dovecotsasl: authentication failed (code=pass_expired)'],
    ['authz', 'refused', 'dovecotsasl: authentication failed (code=authz_fail)'],
  ])('FAIL with %j is %s', (fields, kind, reason) => {
    const { machine: made, done, verdicts } = machine();
    made.authenticate(request('x'), done);
    made.receive(`FAIL\t1\t${fields}\n`);
    expect(verdicts).toEqual([{ kind, reason }]);
  });

  test('no mechanism that can be passed on', () => {
    const {
      machine: made,
      done,
      verdicts,
    } = machine('VERSION\t1\t2\nMECH\tCRAM-MD5\nMECH\tPLAIN\tplaintext\tprivate\nDONE\n');
    made.authenticate(request('x'), done);
    expect(verdicts).toMatchObject([{ kind: 'temporary', reason: expect.stringContaining('CRAM-MD5') }]);
  });

  test.each([
    ['220 mx LMTP ready\r\n', /SMTP or LMTP server/],
    ['HTTP/1.1 400\r\n', /not a Dovecot auth socket/],
    ['VERSION\t2\t0\n', /version 2.0 is not supported/],
    ['x'.repeat(20_000), /too long/],
  ])('%j is not the protocol', (greeting, reason) => {
    expect(() => machine(greeting)).toThrow(reason);
    expect(() => machine(greeting)).toThrow(DovecotProtocolError);
  });
});

describe('the client', () => {
  let server: Server | null = null;
  let client: DovecotAuthClient | null = null;
  const sockets = new Set<Socket>();

  afterEach(async () => {
    client?.stop();
    for (const socket of sockets) socket.destroy();
    server?.close();
    if (server?.listening) await once(server, 'close');
    client = null;
    sockets.clear();
  });

  /** A server that answers each AUTH line with what `answer` gives; null closes. */
  async function serve(answer: (id: string, response: string) => string | null, greeting = handshake, port = 0) {
    let connections = 0;
    server = createServer((socket) => {
      connections++;
      sockets.add(socket);
      socket.on('error', () => {});
      socket.write(greeting);
      socket.on('data', (data) => {
        for (const line of data.toString().split('\n')) {
          if (!line.startsWith('AUTH')) continue;
          const [, id = '', , ...fields] = line.split('\t');
          const response = Buffer.from(fields.at(-1)?.slice(5) ?? '', 'base64').toString();
          const said = answer(id, response.split('\0')[1] ?? '');
          if (said === null) socket.destroy();
          else socket.write(said);
        }
      });
    }).listen(port, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const options = { handshakeTimeout: 100, answerTimeout: 150 };
    client ??= new DovecotAuthClient({
      ...options,
      address: { kind: 'tcp', host: '127.0.0.1', port: address.port, tls: false },
    });
    return {
      ask: (user: string) => client?.authenticate(request(user)),
      connections: () => connections,
      port: address.port,
    };
  }

  const usual = (id: string, user: string): string | null =>
    user === 'drop'
      ? null
      : user === 'mismatch'
        ? `OK\t99\n`
        : user === 'silent'
          ? ''
          : user === 'good'
            ? `OK\t${id}\n`
            : `FAIL\t${id}\n`;

  test.each([
    ['has not greeted', ''],
    ['has not answered', handshake],
  ])('stops at once when the server %s', async (_, greeting) => {
    const { port, connections } = await serve(() => '', greeting);
    const patient = { handshakeTimeout: 600_000, answerTimeout: 600_000 };
    const waiting = new DovecotAuthClient({
      ...patient,
      address: { kind: 'tcp', host: '127.0.0.1', port, tls: false },
    });
    const verdict = waiting.authenticate(request('good'));
    await eventually(() => connections() === 1);
    waiting.stop();
    expect(await verdict).toMatchObject({ kind: 'temporary' });
    expect(await waiting.authenticate(request('good'))).toMatchObject({ kind: 'temporary' });
    expect(connections()).toBe(1);
  });

  test('keeps its connection', async () => {
    const { ask, connections } = await serve(usual);
    expect(connections()).toBe(0);
    const verdicts = await Promise.all(['good', 'bad', 'good'].map(ask));
    expect(verdicts.map((verdict) => verdict?.kind)).toEqual(['accepted', 'refused', 'accepted']);
    expect(await ask('good')).toEqual({ kind: 'accepted' });
    expect(connections()).toBe(1);
  });

  test.each(['drop', 'mismatch', 'silent'])('%s is a temporary verdict, and the next attempt works', async (user) => {
    const { ask } = await serve(usual);
    expect(await ask(user)).toMatchObject({ kind: 'temporary' });
    expect(await ask('good')).toEqual({ kind: 'accepted' });
    expect(await ask(user)).toMatchObject({ kind: 'temporary' });
    expect(await ask('good')).toEqual({ kind: 'accepted' });
  });

  test('a restart of the server costs nothing, its absence is temporary', async () => {
    const { ask, port } = await serve(usual);
    expect(await ask('good')).toEqual({ kind: 'accepted' });
    for (const socket of sockets) socket.destroy();
    expect(await ask('good')).toEqual({ kind: 'accepted' });
    for (const socket of sockets) socket.destroy();
    server?.close();
    expect(await ask('good')).toMatchObject({
      kind: 'temporary',
      reason: expect.stringMatching(/^dovecot_sasl: unable to contact server: .*ECONNREFUSED/),
    });
    await serve(usual, handshake, port);
    expect(await ask('good')).toEqual({ kind: 'accepted' });
  });

  test('a server that never says DONE does not hold anybody for long (D26)', async () => {
    const { ask } = await serve(usual, 'VERSION\t1\t1\nSPID\t7\n');
    expect(await ask('good')).toMatchObject({ kind: 'temporary', reason: expect.stringContaining('handshake') });
  });

  test('a NUL does not get into the exchange', async () => {
    const { ask } = await serve(usual);
    expect(await ask('good\0x')).toMatchObject({ kind: 'refused' });
  });
});
