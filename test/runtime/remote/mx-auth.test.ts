import { createHash, X509Certificate } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import { certificateResult } from '../../../runtime/remote/tls-results.ts';
import { createSelfSigned } from '../../../runtime/tls/self-signed.ts';
import type { Zone, Zones } from '../../kit/dns-server.ts';
import { type Outgoing, RemoteWorld, type WorldOptions } from '../../kit/remote-world.ts';
import type { SinkScript } from '../../kit/sink.ts';

const worlds: RemoteWorld[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.stop();
});

const server = createSelfSigned(['mx.example.test']);
const stranger = createSelfSigned(['elsewhere.test']);
type Pair = typeof server;

const withTls = (pair: Pair): Partial<SinkScript> => ({
  ext: ['STARTTLS', '8BITMIME'],
  tls: { secureContext: createSecureContext(pair), implicit: false },
});
const brokenTls: Partial<SinkScript> = {
  ext: ['STARTTLS'],
  tls: { secureContext: createSecureContext(), implicit: false },
};

interface Scene {
  readonly mxAuth: string;
  readonly server?: Partial<SinkScript>;
  readonly domain?: Zone;
  readonly host?: Zone;
  readonly zones?: Zones;
  readonly remote?: string;
  readonly deliverTo?: string;
  /** Certificates that are trusted. */
  readonly roots?: readonly Pair[];
  readonly prepare?: WorldOptions['prepare'];
}

/** example.test with its server at 127.0.0.2. */
async function start(scene: Scene): Promise<RemoteWorld> {
  const { mxAuth, domain = {}, host = {}, zones = {}, roots = [], remote = '', prepare = () => {}, deliverTo } = scene;
  const world = await RemoteWorld.start({
    zones: {
      'example.test.': { MX: [{ host: 'mx.example.test.', pref: 10 }], ...domain },
      'mx.example.test.': { A: ['127.0.0.2'], ...host },
      ...zones,
    },
    servers: { '127.0.0.2': scene.server ?? {} },
    remote: `mx_auth {\n${mxAuth}\n}\n${remote}${roots.length > 0 ? '\ntls_client { root_ca roots.pem }' : ''}`,
    prepare: (stateDir) => {
      writeFileSync(join(stateDir, 'roots.pem'), roots.map(({ cert }) => cert).join(''));
      prepare(stateDir);
    },
    ...(deliverTo !== undefined && { deliverTo }),
  });
  worlds.push(world);
  return world;
}

const toBob: Outgoing = { to: ['bob@example.test'] };
const delivered = ['250 2.0.0 OK: queued'];
const noTls = '451 4.4.0 No usable MXs, last err: TLS it not available or unauthenticated but required';
const noAuthenticity = '451 4.4.0 No usable MXs, last err: Failed to establish the MX record authenticity';

async function outcome(scene: Scene, mail: Outgoing = toBob): Promise<readonly string[]> {
  return (await start(scene)).send(mail);
}

/** Recorded with maddy (mta-replies, experiment 12); the class of enhanced codes is that of the reply (D7). */
describe('local_policy', () => {
  test.each<[string, Scene, string]>([
    ['no TLS', { mxAuth: 'local_policy' }, noTls],
    ['a handshake that fails', { mxAuth: 'local_policy', server: brokenTls }, noTls],
    ['a certificate of nobody', { mxAuth: 'local_policy', server: withTls(server) }, '250 2.0.0 OK: queued'],
    [
      'a certificate of nobody, where it has to be trusted',
      { mxAuth: 'local_policy { min_tls_level authenticated }', server: withTls(server) },
      noTls,
    ],
    [
      'a certificate that is trusted',
      { mxAuth: 'local_policy { min_tls_level authenticated }', server: withTls(server), roots: [server] },
      '250 2.0.0 OK: queued',
    ],
    [
      'a certificate that is trusted, with another name',
      { mxAuth: 'local_policy { min_tls_level authenticated }', server: withTls(stranger), roots: [stranger] },
      noTls,
    ],
    ['everything relaxed (D21)', { mxAuth: 'local_policy { min_tls_level none }' }, '250 2.0.0 OK: queued'],
    [
      'unsigned MX records',
      { mxAuth: 'dnssec\nlocal_policy {\nmin_tls_level none\nmin_mx_level dnssec\n}' },
      noAuthenticity,
    ],
    [
      'signed MX records',
      { mxAuth: 'local_policy {\nmin_tls_level none\nmin_mx_level dnssec\n}\ndnssec', domain: { AD: true } },
      '250 2.0.0 OK: queued',
    ],
  ])('%s', async (_about, scene, reply) => {
    expect(await outcome(scene)).toEqual([reply]);
  });
});

/** A record of the certificate's key. */
function tlsa(pair: Pair, { usage = 3, selector = 1, matchingType = 1 } = {}) {
  const certificate = new X509Certificate(pair.cert);
  const selected = selector === 0 ? certificate.raw : certificate.publicKey.export({ type: 'spki', format: 'der' });
  const hashed = (name: string) => createHash(name).update(selected).digest();
  const data = matchingType === 0 ? selected : hashed(matchingType === 1 ? 'sha256' : 'sha512');
  return { usage, selector, matchingType, certificate: data };
}

describe('dane', () => {
  const at = (records: readonly ReturnType<typeof tlsa>[], AD = true): Zones => ({
    '_25._tcp.mx.example.test.': { TLSA: records, AD },
  });
  const signed = { host: { AD: true } };
  const authenticated = 'dane\nlocal_policy { min_tls_level authenticated }';
  const mismatch = '550 5.4.0 No usable MXs, last err: No matching TLSA records';
  const needsTls = '550 5.4.0 No usable MXs, last err: TLS is required but unsupported or failed (enforced by DANE)';

  test.each<[string, Scene, string]>([
    ['3 1 1 that matches', { ...signed, mxAuth: authenticated, zones: at([tlsa(server)]) }, '250 2.0.0 OK: queued'],
    [
      '3 0 2 that matches',
      { ...signed, mxAuth: authenticated, zones: at([tlsa(server, { selector: 0, matchingType: 2 })]) },
      '250 2.0.0 OK: queued',
    ],
    [
      '3 1 0 that matches',
      { ...signed, mxAuth: authenticated, zones: at([tlsa(server, { matchingType: 0 })]) },
      '250 2.0.0 OK: queued',
    ],
    [
      'one of several',
      { ...signed, mxAuth: authenticated, zones: at([tlsa(stranger), tlsa(server)]) },
      '250 2.0.0 OK: queued',
    ],
    ['3 1 1 that does not', { ...signed, mxAuth: 'dane', zones: at([tlsa(stranger)]) }, mismatch],
    [
      '3 1 1 with another name in the certificate',
      { ...signed, mxAuth: authenticated, server: withTls(stranger), zones: at([tlsa(stranger)]) },
      '250 2.0.0 OK: queued',
    ],
    ['no STARTTLS', { ...signed, mxAuth: 'dane', server: {}, zones: at([tlsa(server)]) }, needsTls],
    ['a handshake that fails', { ...signed, mxAuth: 'dane', server: brokenTls, zones: at([tlsa(server)]) }, needsTls],
    [
      'usage 1 only: says nothing, but there is TLS',
      { ...signed, mxAuth: 'dane', zones: at([tlsa(stranger, { usage: 1 })]) },
      '250 2.0.0 OK: queued',
    ],
    [
      'usage 1 only: does not authenticate',
      { ...signed, mxAuth: authenticated, zones: at([tlsa(server, { usage: 1 })]) },
      noTls,
    ],
    [
      'usage 2 with another name in the certificate',
      { ...signed, mxAuth: 'dane', server: withTls(stranger), zones: at([tlsa(stranger, { usage: 2 })]) },
      mismatch,
    ],
    [
      'records that are not signed',
      { ...signed, mxAuth: 'dane', zones: at([tlsa(stranger)], false) },
      '250 2.0.0 OK: queued',
    ],
    ['a host that is not signed', { mxAuth: 'dane', zones: at([tlsa(stranger)]) }, '250 2.0.0 OK: queued'],
    [
      'records that cannot be told: nobody takes the chance',
      { ...signed, mxAuth: 'dane', zones: { '_25._tcp.mx.example.test.': { err: true } } },
      '451 4.4.0 No usable MXs, last err: DANE: lookup _25._tcp.mx.example.test (TLSA): SERVFAIL from 127.0.0.1 port PORT',
    ],
    [
      'an alias: the records at its end',
      {
        mxAuth: authenticated,
        host: { A: [], CNAME: 'real.test.', AD: true },
        zones: {
          'real.test.': { A: ['127.0.0.2'], AD: true },
          '_25._tcp.real.test.': { TLSA: [tlsa(server)], AD: true },
        },
      },
      '250 2.0.0 OK: queued',
    ],
  ])('%s', async (_about, scene, reply) => {
    const replies = await outcome({ server: withTls(server), ...scene });
    expect(replies.map((each) => each.replace(/port \d+/, 'port PORT'))).toEqual([reply]);
  });

  test('a domain without MX record, with a signed address and no TLSA record (maddy issue 327)', async () => {
    const world = await start({
      mxAuth: 'dnssec\ndane',
      zones: { 'bare.test.': { A: ['127.0.0.2'], AD: true } },
    });
    expect(await world.send({ to: ['bob@bare.test'] })).toEqual(delivered);
  });
});

const enforce = { Mode: 'enforce', MaxAge: 86_400, MX: ['mx.example.test', '*.example.net'] };
const kept =
  (policy: typeof enforce, fetched = new Date()) =>
  (stateDir: string) => {
    mkdirSync(join(stateDir, 'mtasts_cache'));
    const text = JSON.stringify({ FetchTime: fetched.toISOString(), ID: '20261122T1', Policy: policy });
    writeFileSync(join(stateDir, 'mtasts_cache', 'example.test'), `${text}\n`);
  };

describe('mtasts', () => {
  const other = { ...enforce, MX: ['mx.other.test'] };
  const aWeekAgo = new Date(Date.now() - 7 * 86_400_000);
  const noMatch = '550 5.4.0 No usable MXs, last err: Failed to establish the MX record authenticity (MTA-STS)';
  const untrusted =
    '451 4.4.0 No usable MXs, last err: Recipient server TLS certificate is not trusted but authentication is required by MTA-STS';
  const ok = '250 2.0.0 OK: queued';
  const least = 'mtasts\nlocal_policy {\nmin_tls_level none\nmin_mx_level mtasts\n}';
  const { server: host, roots } = { server: withTls(server), roots: [server] };

  /** vectors/mta-samples/mtasts-policy-table.json: without local_policy, and with `min_mx_level mtasts`. */
  test.each<[string, Omit<Scene, 'mxAuth'>, string, string]>([
    ['enforce, matches, trusted', { prepare: kept(enforce), server: host, roots }, ok, ok],
    ['enforce, matches, untrusted', { prepare: kept(enforce), server: host }, untrusted, untrusted],
    [
      'enforce, matches, no STARTTLS',
      { prepare: kept(enforce) },
      '451 4.4.0 No usable MXs, last err: TLS is required but unavailable or failed (MTA-STS)',
      '451 4.4.0 No usable MXs, last err: TLS is required but unavailable or failed (MTA-STS)',
    ],
    ['enforce, does not match', { prepare: kept(other), server: host }, noMatch, noMatch],
    ['testing, matches, untrusted', { prepare: kept({ ...enforce, Mode: 'testing' }), server: host }, ok, ok],
    [
      'testing, *.domain matches, untrusted',
      { prepare: kept({ ...enforce, Mode: 'testing', MX: ['*.example.test'] }), server: host },
      ok,
      ok,
    ],
    [
      'testing, does not match, untrusted',
      { prepare: kept({ ...other, Mode: 'testing' }), server: host },
      ok,
      noAuthenticity,
    ],
    ['none', { prepare: kept({ ...enforce, Mode: 'none', MX: [] }), server: host }, ok, noAuthenticity],
    ['kept for too long, no record', { prepare: kept(other, aWeekAgo), server: host }, ok, noAuthenticity],
    [
      'kept, another one announced, which cannot be fetched',
      { prepare: kept(other), server: host, zones: { '_mta-sts.example.test.': { TXT: ['v=STSv1; id=2;'] } } },
      noMatch,
      noMatch,
    ],
  ])('%s', async (_about, scene, alone, withLeast) => {
    expect(await outcome({ ...scene, mxAuth: 'mtasts' })).toEqual([alone]);
    expect(await outcome({ ...scene, mxAuth: least })).toEqual([withLeast]);
  });

  test('what does not match is not dialled', async () => {
    const world = await start({ prepare: kept(other), server: host, mxAuth: 'mtasts' });
    await world.send(toBob);
    expect(world.sink('127.0.0.2').sessions).toEqual([]);
  });
});

describe('TLS-Required and REQUIRETLS', () => {
  const strict = 'local_policy { min_tls_level authenticated }';
  const queued = 'queue spool { target &out }';
  const relaxed = ['From: <ann@from.test>', 'TLS-Required: No', 'Subject: relaxed', '', 'Hello.'];

  test('“No” lets one message go without policies, and not the next over the same connection (D11)', async () => {
    const world = await start({ mxAuth: strict, server: withTls(server), deliverTo: queued });
    expect(await world.send({ ...toBob, lines: relaxed })).toEqual(delivered);
    await until(() => world.sink('127.0.0.2').sessions.some(({ messages }) => messages.length > 0));
    expect(await world.send(toBob)).toEqual(delivered);
    await until(() => world.log.includes('will retry'));
    expect(world.sink('127.0.0.2').sessions.flatMap(({ messages }) => messages)).toHaveLength(1);
  });

  test('“No” means nothing where requiretls_override is off', async () => {
    const world = await start({
      mxAuth: strict,
      server: withTls(server),
      deliverTo: queued,
      remote: 'requiretls_override no',
    });
    expect(await world.send({ ...toBob, lines: relaxed })).toEqual(delivered);
    await until(() => world.log.includes('will retry'));
    expect(world.sink('127.0.0.2').sessions.flatMap(({ messages }) => messages)).toEqual([]);
  });

  const signed: Scene = {
    mxAuth: 'dnssec\ndane',
    domain: { AD: true },
    host: { AD: true },
    zones: { '_25._tcp.mx.example.test.': { TLSA: [tlsa(server)], AD: true } },
    server: withTls(server),
  };
  const mail = { ...toBob, parameters: ' REQUIRETLS' };

  test('REQUIRETLS over a way that is known and private', async () => {
    expect(await outcome(signed, mail)).toEqual(delivered);
    expect(worlds[0]?.sink('127.0.0.2').sessions[0]?.commands[3]).toBe('MAIL FROM:<ann@from.test> BODY=8BITMIME');
  });

  test('REQUIRETLS is handed on where the server knows it', async () => {
    const knowing = { ...withTls(server), ext: ['STARTTLS', 'REQUIRETLS'] };
    expect(await outcome({ ...signed, server: knowing }, mail)).toEqual(delivered);
    expect(worlds[0]?.sink('127.0.0.2').sessions[0]?.commands[3]).toBe('MAIL FROM:<ann@from.test> REQUIRETLS');
  });

  test.each<[string, Scene, string]>([
    [
      'a server that does not know it, where it has to',
      { ...signed, remote: 'relaxed_requiretls no' },
      '550 5.7.30 REQUIRETLS is not supported by the next server',
    ],
    [
      'a server whose name is not proven',
      { ...signed, domain: {} },
      '550 5.7.30 Failed to establish the MX record authenticity (REQUIRETLS)',
    ],
    [
      'a certificate that is not trusted',
      { ...signed, mxAuth: 'dnssec' },
      '550 5.7.30 TLS it not available or unauthenticated but required (REQUIRETLS)',
    ],
  ])('REQUIRETLS and %s', async (_about, scene, reply) => {
    expect(await outcome(scene, mail)).toEqual([reply]);
  });
});

/** RFC 8460 section 4.3. */
describe('what TLS comes to is counted', () => {
  const anything = 'local_policy {\nmin_tls_level none\n}';
  const host = { AD: true };
  const at = (...TLSA: readonly ReturnType<typeof tlsa>[]): Zones => ({
    '_25._tcp.mx.example.test.': { TLSA, AD: true },
  });
  const sts = { mxAuth: 'mtasts', prepare: kept(enforce) };

  test.each<[string, Scene, string]>([
    ['no policy, no TLS', { mxAuth: anything }, 'no-policy-found starttls-not-supported'],
    ['no policy, TLS', { mxAuth: anything, server: withTls(server) }, 'no-policy-found success'],
    ['no policy, broken TLS', { mxAuth: anything, server: brokenTls }, 'no-policy-found validation-failure'],
    ['DANE', { mxAuth: 'dane', host, server: withTls(server), zones: at(tlsa(server)) }, 'tlsa success'],
    [
      'DANE, another certificate',
      { mxAuth: 'dane', host, server: withTls(server), zones: at(tlsa(stranger)) },
      'tlsa validation-failure',
    ],
    ['DANE, no TLS', { mxAuth: 'dane', host, zones: at(tlsa(server)) }, 'tlsa starttls-not-supported'],
    [
      'DANE, records that say nothing about SMTP',
      { mxAuth: 'dane', host, server: withTls(server), zones: at(tlsa(server, { usage: 0 })) },
      'tlsa tlsa-invalid',
    ],
    [
      'DANE that cannot be told',
      { mxAuth: 'dane', host, server: withTls(server), zones: { '_25._tcp.mx.example.test.': { err: true } } },
      'tlsa dnssec-invalid',
    ],
    ['MTA-STS', { ...sts, server: withTls(server), roots: [server] }, 'sts success'],
    ['MTA-STS, a certificate of nobody', { ...sts, server: withTls(server) }, 'sts certificate-not-trusted'],
    [
      'MTA-STS, a certificate of another name',
      { ...sts, server: withTls(stranger), roots: [stranger] },
      'sts certificate-host-mismatch',
    ],
    ['MTA-STS, no TLS', sts, 'sts starttls-not-supported'],
    [
      'MTA-STS, a server that it does not name',
      { mxAuth: 'mtasts', prepare: kept({ ...enforce, MX: ['mx.other.test'] }) },
      'sts validation-failure',
    ],
    [
      'MTA-STS that cannot be fetched',
      { mxAuth: 'mtasts', zones: { '_mta-sts.example.test.': { TXT: ['v=STSv1; id=1'] } } },
      'no-policy-found starttls-not-supported, sts sts-policy-fetch-error',
    ],
  ])('%s', async (_about, scene, expected) => {
    const world = await start(scene);
    await world.send(toBob);
    const counted = async () =>
      (await world.samples())
        .filter(({ name }) => name === 'maddyc_remote_tls_results')
        .map(({ labels }) => `${labels.policy} ${labels.result}`)
        .toSorted()
        .join(', ');
    await expect.poll(counted).toBe(expected);
  });

  test.each([
    ['CERT_HAS_EXPIRED', 'certificate-expired'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificate-not-trusted'],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'certificate-not-trusted'],
    ['ECONNRESET', 'validation-failure'],
  ])('%s is %s', (code, result) => {
    expect(certificateResult(code)).toBe(result);
  });
});

async function until(condition: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 400 && !condition(); attempt++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect(condition()).toBe(true);
}
