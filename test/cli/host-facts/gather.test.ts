import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { gatherHostFacts, readResolverFile } from '../../../cli/host-facts/gather.ts';
import { factsOfPath } from '../../../cli/host-facts/paths.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'maddyc-host-'));
  chmodSync(directory, 0o755);
});
afterEach(() => rmSync(directory, { recursive: true }));

const stranger = { name: 'nobody', uid: 65_534, groups: [65_534] };
const here = { name: 'me', uid: process.getuid?.() ?? 0, groups: process.getgroups?.() ?? [] };

test('paths are judged by the rights of the account', async () => {
  const closed = join(directory, 'closed');
  mkdirSync(closed, { mode: 0o700 });
  writeFileSync(join(closed, 'key.pem'), '', { mode: 0o644 });
  writeFileSync(join(directory, 'key.pem'), '', { mode: 0o600 });
  expect(factsOfPath(join(directory, 'key.pem'), here)).toMatchObject({
    kind: 'file',
    isUsable: true,
    mode: 'rw-------',
  });
  expect(factsOfPath(join(directory, 'key.pem'), stranger)).toMatchObject({
    kind: 'file',
    isUsable: false,
    blockedAt: null,
  });
  expect(factsOfPath(join(closed, 'key.pem'), stranger)).toMatchObject({ isUsable: false, blockedAt: closed });
  expect(factsOfPath(join(directory, 'gone', 'x'), here)).toMatchObject({
    kind: 'absent',
    blockedAt: join(directory, 'gone'),
  });
});

test('sockets need the right to write', async () => {
  const path = join(directory, 's');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  try {
    chmodSync(path, 0o755);
    expect(factsOfPath(path, stranger)).toMatchObject({ kind: 'socket', isUsable: false });
    chmodSync(path, 0o666);
    expect(factsOfPath(path, stranger)).toMatchObject({ kind: 'socket', isUsable: true });
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
});

test('certificates are read, and held against keys', () => {
  const make = (name: string) => {
    const [certificate, key] = [join(directory, `${name}.pem`), join(directory, `${name}.key`)];
    const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name},DNS:*.${name}`];
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-days',
        '3',
        '-keyout',
        key,
        '-out',
        certificate,
        ...subject,
      ],
      { stdio: 'ignore' },
    );
    return { certificate, key };
  };
  const [a, b] = [make('a.example'), make('b.example')];
  const mixed = { certificate: a.certificate, key: b.key };
  const facts = gatherHostFacts({ paths: [a.key], certificates: [a.certificate, a.key], pairs: [a, mixed] });
  expect(facts.certificate(a.certificate)).toMatchObject({ problem: null, names: ['a.example', '*.a.example'] });
  expect(facts.certificate(a.key)?.problem).toEqual(expect.any(String));
  expect([facts.pairs(a.certificate, a.key), facts.pairs(a.certificate, b.key)]).toEqual([true, false]);
  expect(facts.path(a.key)?.kind).toBe('file');
  expect(facts.path('/not/asked')).toBeUndefined();
});

test('a resolver counts as trusted on this host, or when the system says so', () => {
  expect(readResolverFile('# x\nnameserver 127.0.0.53\n').isTrusted).toBe(true);
  expect(readResolverFile('nameserver 192.0.2.1\n')).toEqual({ servers: ['192.0.2.1'], isTrusted: false });
  expect(readResolverFile('nameserver 192.0.2.1\noptions edns0 trust-ad\n').isTrusted).toBe(true);
});
