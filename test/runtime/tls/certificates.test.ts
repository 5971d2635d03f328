import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { connect, DEFAULT_CIPHERS, type SecureContextOptions, TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Certificates, FileCertificates, fixedCertificates } from '../../../runtime/tls/certificates.ts';
import { createSelfSigned } from '../../../runtime/tls/self-signed.ts';
import { tuningOptions } from '../../../runtime/tls/tuning.ts';
import { recordingLog } from '../../kit/session.ts';

/** Two streams, each the other's far end. */
function wire(): [Duplex, Duplex] {
  const end = (other: () => Duplex): Duplex =>
    new Duplex({
      read() {},
      write(chunk, _, done) {
        other().push(chunk);
        done();
      },
      final(done) {
        other().push(null);
        done();
      },
    });
  const left: Duplex = end(() => right);
  const right: Duplex = end(() => left);
  return [left, right];
}

/** The certificate and protocol that a client of this name gets. */
async function handshake(certificates: Certificates, servername: string, client: SecureContextOptions = {}) {
  const [left, right] = wire();
  const server = new TLSSocket(left, { isServer: true, ...certificates.current() });
  const { promise, resolve, reject } = Promise.withResolvers<{ subject: string; protocol: string | null }>();
  server.on('error', () => {});
  const socket = connect({ socket: right, servername, rejectUnauthorized: false, ...client });
  socket.on('error', reject);
  socket.on('secureConnect', () => {
    resolve({ subject: socket.getPeerCertificate().subjectaltname ?? '', protocol: socket.getProtocol() });
  });
  try {
    return await promise;
  } finally {
    socket.destroy();
    server.destroy();
  }
}

describe('self-signed', () => {
  const names = ['mx.example.test', '192.0.2.1', '2001:db8::1'];
  const now = new Date('2026-11-22T12:00:00Z');
  const pair = createSelfSigned(names, now);
  const certificate = new X509Certificate(pair.cert);

  test('a certificate that others can read', () => {
    expect(certificate.subject).toBe('O=Maddy Self-Signed');
    expect(certificate.subjectAltName).toBe(
      'DNS:mx.example.test, IP Address:192.0.2.1, IP Address:2001:DB8:0:0:0:0:0:1',
    );
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect(certificate.ca).toBe(false);
    expect([certificate.validFrom, certificate.validTo]).toEqual([
      'Nov 22 11:00:00 2026 GMT',
      'Nov 29 12:00:00 2026 GMT',
    ]);
    expect(certificate.checkHost('mx.example.test')).toBe('mx.example.test');
  });

  test('it serves a handshake that a client verifies against it', async () => {
    const ca = createSelfSigned(['mx.example.test']);
    const { protocol } = await handshake(fixedCertificates(ca, {}), 'mx.example.test', { ca: ca.cert });
    expect(protocol).toBe('TLSv1.3');
  });
});

test('without a loader there is no certificate, and so no connection', async () => {
  await expect(handshake(fixedCertificates(null, {}), 'mx.example.test')).rejects.toThrow(/handshake failure/);
});

describe('tuning', () => {
  const pair = createSelfSigned(['mx.example.test']);

  test('versions and ciphers', async () => {
    const only12 = tuningOptions({ protocols: { min: 'tls1.2', max: 'tls1.2' }, curves: ['p256'] });
    expect((await handshake(fixedCertificates(pair, only12), 'mx.example.test')).protocol).toBe('TLSv1.2');
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: `${DEFAULT_CIPHERS}:@SECLEVEL=0` } as const;
    await expect(handshake(fixedCertificates(pair, tuningOptions({})), 'mx.example.test', old)).rejects.toThrow();
    // Who asks for them gets the old ones.
    const from10 = tuningOptions({ protocols: { min: 'tls1.0', max: 'tls1.3' } });
    expect((await handshake(fixedCertificates(pair, from10), 'mx.example.test', old)).protocol).toBe('TLSv1.1');
    expect((await handshake(fixedCertificates(pair, from10), 'mx.example.test')).protocol).toBe('TLSv1.3');
  });

  test('suites that OpenSSL lost are left out, and nothing left is an error (D31)', () => {
    const one = ['RSA-WITH-RC4128-SHA', 'ECDHE-RSA-WITH-AES128-GCM-SHA256'];
    expect(tuningOptions({ ciphers: one }).ciphers).toMatch(/:ECDHE-RSA-AES128-GCM-SHA256$/);
    expect(() => tuningOptions({ ciphers: ['RSA-WITH-RC4128-SHA'] })).toThrow('none of the ciphers can be used');
  });
});

describe('files', () => {
  let directory: string;
  const lines: string[] = [];
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'maddyc-tls-'));
    lines.length = 0;
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  function write(name: string): [string, string] {
    const { cert, key } = createSelfSigned([name]);
    writeFileSync(join(directory, `${name}.pem`), cert);
    writeFileSync(join(directory, `${name}.key`), key);
    return [join(directory, `${name}.pem`), `${name}.key`];
  }

  const load = (...pairs: [string, string][]): FileCertificates =>
    new FileCertificates(pairs, directory, {}, recordingLog(lines));

  test('several: by the name that the client asks for, else the first', async () => {
    const certificates = load(write('one.test'), write('two.test'));
    expect((await handshake(certificates, 'two.test')).subject).toBe('DNS:two.test');
    expect((await handshake(certificates, 'one.test')).subject).toBe('DNS:one.test');
    expect((await handshake(certificates, 'three.test')).subject).toBe('DNS:one.test');
  });

  test('renewed files count at the next look, broken ones do not', async () => {
    const pair = write('one.test');
    const certificates = load(pair);
    const renewed = createSelfSigned(['renewed.test']);
    writeFileSync(pair[0], renewed.cert);
    writeFileSync(join(directory, pair[1]), renewed.key);
    await certificates.reload();
    expect((await handshake(certificates, 'one.test')).subject).toBe('DNS:renewed.test');
    writeFileSync(pair[0], 'broken');
    await certificates.reload();
    unlinkSync(pair[0]);
    await certificates.reload();
    expect((await handshake(certificates, 'one.test')).subject).toBe('DNS:renewed.test');
    expect(lines).toHaveLength(2);
  });

  test('what is not there is named', () => {
    expect(() => load([join(directory, 'no.pem'), 'no.key'])).toThrow(
      /failed to load .*no\.pem and .*no\.key: open .*no\.pem: no such file or directory/,
    );
  });
});
