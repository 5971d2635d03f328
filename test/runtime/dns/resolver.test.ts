import dnsPacket, { type Packet } from 'dns-packet';
import { afterEach, describe, expect, it } from 'vitest';
import { noHosts } from '../../../runtime/dns/hosts-file.ts';
import { type ResolverSettings, settingsForServer } from '../../../runtime/dns/name-servers.ts';
import { type ResolverSource, StubResolver } from '../../../runtime/dns/resolver.ts';
import { DnsServer, type DnsServerOptions, type Zones } from '../../kit/dns-server.ts';
import { eventually } from '../../kit/eventually.ts';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

interface Options extends DnsServerOptions {
  readonly settings?: Partial<ResolverSettings>;
  readonly now?: () => number;
}

async function serve(zones: Zones, { settings = {}, now, ...options }: Options = {}) {
  const server = await DnsServer.start(zones, options);
  cleanUps.push(() => server.stop());
  const source: ResolverSource = {
    settings: async () => ({ ...settingsForServer(server.address), timeout: 200, ...settings }),
    hosts: async () => noHosts,
  };
  const resolver = new StubResolver(null, source, now);
  cleanUps.push(() => resolver.close());
  return { server, resolver };
}

describe('what a look-up gives', () => {
  it('reads all types of records', async () => {
    const certificate = Buffer.from('c0ffee', 'hex');
    const { resolver } = await serve({
      'all.test.': {
        A: ['192.0.2.1', '192.0.2.2'],
        AAAA: ['2001:db8::1'],
        MX: [{ host: 'MX.All.test.', pref: 10 }],
        TXT: ['v=spf1 -all', 'x'.repeat(600)],
      },
      '1.2.0.192.in-addr.arpa.': { PTR: ['all.test.'] },
      '_25._tcp.mx.all.test.': { TLSA: [{ usage: 3, selector: 1, matchingType: 1, certificate }] },
      'null.test.': { MX: [{ host: '.', pref: 0 }] },
    });
    const records = (list: readonly unknown[]) => ({ kind: 'records', records: list, authenticated: false });
    expect(await resolver.lookup('A', 'All.Test')).toEqual(records(['192.0.2.1', '192.0.2.2']));
    expect(await resolver.lookup('AAAA', 'all.test.')).toEqual(records(['2001:db8::1']));
    expect(await resolver.lookup('MX', 'all.test')).toEqual(records([{ preference: 10, exchange: 'mx.all.test' }]));
    expect(await resolver.lookup('TXT', 'all.test')).toEqual(records(['v=spf1 -all', 'x'.repeat(600)]));
    expect(await resolver.reverse('192.0.2.1')).toEqual(records(['all.test']));
    expect(await resolver.lookup('TLSA', '_25._tcp.mx.all.test')).toEqual(
      records([{ usage: 3, selector: 1, matchingType: 1, data: certificate }]),
    );
    expect(await resolver.lookup('MX', 'null.test')).toEqual(records([{ preference: 0, exchange: '' }]));
  });

  it('tells absence from failure', async () => {
    const { resolver } = await serve(
      { 'here.test.': { A: ['192.0.2.1'] }, 'broken.test.': { err: true }, 'mute.test.': {} },
      { silent: ['mute.test.'], settings: { attempts: 1 } },
    );
    expect(await resolver.lookup('MX', 'here.test')).toEqual({ kind: 'no-data', authenticated: false });
    expect(await resolver.lookup('A', 'nowhere.test')).toEqual({ kind: 'no-such-name', authenticated: false });
    expect(await resolver.lookup('A', 'broken.test')).toMatchObject({
      kind: 'failed',
      reason: expect.stringMatching(/^lookup broken\.test \(A\): SERVFAIL from 127\.0\.0\.1 port \d+$/),
    });
    expect(await resolver.lookup('A', 'mute.test')).toMatchObject({
      kind: 'failed',
      reason: expect.stringContaining('no answer in time'),
    });
  });

  it('follows aliases, also ones that the server left to us', async () => {
    const { resolver } = await serve({
      'www.test.': { CNAME: 'host.test.' },
      'host.test.': { A: ['192.0.2.7'] },
      'gone.test.': { CNAME: 'elsewhere.example.' },
    });
    expect(await resolver.lookup('A', 'www.test')).toMatchObject({ records: ['192.0.2.7'] });
    expect(await resolver.lookup('A', 'gone.test')).toMatchObject({ kind: 'no-such-name' });
    expect(await resolver.lookup('CNAME', 'www.test')).toMatchObject({ records: ['host.test'] });
  });

  it('ends when aliases lead in a circle', async () => {
    const aliasOf: Readonly<Record<string, string>> = { 'a.test': 'b.test', 'b.test': 'a.test' };
    const { resolver } = await serve(
      { 'a.test.': {}, 'b.test.': {} },
      {
        disturb: (reply) => {
          const name = reply.questions?.[0]?.name ?? '';
          return [
            dnsPacket.encode({ ...reply, answers: [{ type: 'CNAME', name, ttl: 60, data: aliasOf[name] ?? '' }] }),
          ];
        },
      },
    );
    expect(await resolver.lookup('A', 'a.test')).toMatchObject({ kind: 'failed' });
  });

  it('asks for A-labels, and not for names that cannot be', async () => {
    const { server, resolver } = await serve({ 'xn--bcher-kva.test.': { A: ['192.0.2.1'] } });
    expect(await resolver.lookup('A', 'bücher.test')).toMatchObject({ kind: 'records' });
    expect(await resolver.lookup('A', 'a..test')).toMatchObject({ kind: 'no-such-name' });
    expect(await resolver.lookup('A', `${'x'.repeat(64)}.test`)).toMatchObject({ kind: 'no-such-name' });
    expect(await resolver.lookup('A', 'x.'.repeat(128))).toMatchObject({ kind: 'no-such-name' });
    expect(server.questions).toEqual(['A xn--bcher-kva.test']);
  });
});

describe('trust', () => {
  it('believes the AD bit only of servers that are trusted', async () => {
    const zones: Zones = { 'signed.test.': { A: ['192.0.2.1'], AD: true } };
    const { resolver, server } = await serve(zones);
    expect(await resolver.lookup('A', 'signed.test')).toMatchObject({ authenticated: true });
    const stranger = { address: '127.0.0.1', port: server.port, trusted: false };
    const { resolver: doubting } = await serve({}, { settings: { servers: [stranger] } });
    expect(await doubting.lookup('A', 'signed.test')).toMatchObject({ kind: 'records', authenticated: false });
  });

  it('leaves records out that nobody asked for', async () => {
    const { resolver } = await serve(
      { 'victim.test.': {} },
      {
        disturb: (reply) => [
          dnsPacket.encode({ ...reply, answers: [{ type: 'A', name: 'other.test', ttl: 60, data: '192.0.2.66' }] }),
        ],
      },
    );
    expect(await resolver.lookup('A', 'victim.test')).toMatchObject({ kind: 'no-data' });
  });

  it('passes over answers with a wrong id, a wrong question or none that can be read', async () => {
    const right = (reply: Packet, data: string) => ({
      ...reply,
      answers: [{ type: 'A' as const, name: 'a.test', ttl: 60, data }],
    });
    const { resolver } = await serve(
      { 'a.test.': {} },
      {
        disturb: (reply) => [
          dnsPacket.encode({ ...right(reply, '192.0.2.66'), id: ((reply.id ?? 0) + 1) % 0x1_0000 }),
          dnsPacket.encode({ ...right(reply, '192.0.2.66'), questions: [{ type: 'A', name: 'b.test' }] }),
          Buffer.from('no packet'),
          dnsPacket.encode(right(reply, '192.0.2.1')),
        ],
      },
    );
    expect(await resolver.lookup('A', 'a.test')).toMatchObject({ records: ['192.0.2.1'] });
  });

  it('gives up where answers are guessed', async () => {
    const { resolver, server } = await serve(
      { 'a.test.': {} },
      {
        settings: { attempts: 1, timeout: 5_000 },
        disturb: (reply) =>
          Array.from({ length: 40 }, (_, at) =>
            dnsPacket.encode({ ...reply, id: ((reply.id ?? 0) + at + 1) % 65_536 }),
          ),
      },
    );
    expect(await resolver.lookup('A', 'a.test')).toMatchObject({
      reason: expect.stringContaining('answers to other questions'),
    });
    expect(server.questions).toHaveLength(1);
  });

  it('takes no name that is none of a host', async () => {
    const { resolver } = await serve({
      '1.2.0.192.in-addr.arpa.': { PTR: ['evil\r\nX-Spam: no.test.', 'good.test.'] },
    });
    expect(await resolver.reverse('192.0.2.1')).toMatchObject({ records: ['good.test'] });
  });
});

describe('ways to a server', () => {
  it('asks again by TCP when the answer was cut off', async () => {
    const many = Array.from({ length: 100 }, (_, at) => `192.0.2.${at}`);
    const { resolver, server } = await serve({ 'many.test.': { A: many } }, { truncateAbove: 512 });
    expect(await resolver.lookup('A', 'many.test')).toMatchObject({ records: many });
    expect(server.questions).toEqual(['A many.test', 'A many.test/tcp']);
  });

  it('asks again by TCP when the answer ends in the middle of a record', async () => {
    const { resolver } = await serve(
      { 'a.test.': { TXT: ['x'.repeat(200)] } },
      {
        disturb: (reply, via) => {
          const whole = dnsPacket.encode({
            ...reply,
            flags: (reply.flags ?? 0) | (via === 'udp' ? dnsPacket.TRUNCATED_RESPONSE : 0),
          });
          return [via === 'udp' ? whole.subarray(0, 60) : whole];
        },
      },
    );
    expect(await resolver.lookup('TXT', 'a.test')).toMatchObject({ records: ['x'.repeat(200)] });
  });

  it('asks a server without EDNS that does not know it', async () => {
    const { resolver } = await serve(
      { 'old.test.': { A: ['192.0.2.1'] } },
      {
        disturb: (reply, _via, query) => {
          const formatError = { ...reply, flags: 1, answers: [] };
          return [dnsPacket.encode((query.additionals ?? []).length > 0 ? formatError : reply)];
        },
      },
    );
    expect(await resolver.lookup('A', 'old.test')).toMatchObject({ records: ['192.0.2.1'] });
  });

  it('goes on to the next server', async () => {
    const { server: second } = await serve({ 'a.test.': { A: ['192.0.2.1'] } });
    const { server: first } = await serve({ 'a.test.': { err: true } });
    const at = ({ port }: DnsServer) => ({ address: '127.0.0.1', port, trusted: true });
    const { resolver } = await serve({}, { settings: { servers: [at(first), at(second)] } });
    expect(await resolver.lookup('A', 'a.test')).toMatchObject({ records: ['192.0.2.1'] });
  });

  it('ends its queries when it is closed', async () => {
    const { resolver, server } = await serve({}, { silent: ['a.test.'], settings: { timeout: 60_000 } });
    const asked = resolver.lookup('A', 'a.test');
    await eventually(() => server.questions.length > 0);
    resolver.close();
    expect(await asked).toMatchObject({ kind: 'failed', reason: expect.stringContaining('closed') });
  });
});

describe('memory', () => {
  it('keeps answers for their time, and absence for its own', async () => {
    let now = 0;
    const { resolver, server } = await serve(
      { 'a.test.': { A: ['192.0.2.1'] } },
      { ttl: 60, absenceTtl: 10, now: () => now },
    );
    for (let time = 0; time < 2; time++) {
      await resolver.lookup('A', 'a.test');
      await resolver.lookup('A', 'A.TEST.');
      await resolver.lookup('MX', 'a.test');
      await resolver.lookup('A', 'none.test');
    }
    expect(server.questions).toEqual(['A a.test', 'MX a.test', 'A none.test']);
    now = 11_000;
    await resolver.lookup('A', 'a.test');
    await resolver.lookup('A', 'none.test');
    expect(server.questions.slice(3)).toEqual(['A none.test']);
    now = 61_000;
    await resolver.lookup('A', 'a.test');
    expect(server.questions.slice(4)).toEqual(['A a.test']);
  });

  it('asks once what many want to know at once', async () => {
    const { resolver, server } = await serve({ 'a.test.': { A: ['192.0.2.1'] } }, { ttl: 0 });
    await Promise.all(Array.from({ length: 50 }, () => resolver.lookup('A', 'a.test')));
    expect(server.questions).toEqual(['A a.test']);
  });
});
