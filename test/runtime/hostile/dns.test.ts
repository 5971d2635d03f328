import { generateKeyPairSync } from 'node:crypto';
import dnsPacket from 'dns-packet';
import { afterEach, describe, expect, it } from 'vitest';
import { writeKeyRecord } from '../../../runtime/dkim/key-record.ts';
import { verifySignatures } from '../../../runtime/dkim/verify.ts';
import { mailauthResolver } from '../../../runtime/dns/mailauth-resolver.ts';
import { StubResolver } from '../../../runtime/dns/resolver.ts';
import { evaluateSpf } from '../../../runtime/modules/check/spf-evaluation.ts';
import { DnsServer, type DnsServerOptions, type Zones } from '../../kit/dns-server.ts';
import { messageOf } from '../../kit/message.ts';

let dns: DnsServer | null = null;
let resolver: StubResolver | null = null;
afterEach(async () => {
  resolver?.close();
  await dns?.stop();
  dns = null;
  resolver = null;
});

async function world(zones: Zones, options: DnsServerOptions = {}): Promise<StubResolver> {
  dns = await DnsServer.start(zones, options);
  resolver = new StubResolver(dns.address);
  return resolver;
}

/** Result of SPF for mail from x.test, and how many questions it took. */
async function spf(zones: Zones, options: DnsServerOptions = {}, localPart = 'a'): Promise<string> {
  const asking = mailauthResolver(await world(zones, options));
  const identity = { sender: `${localPart}@x.test`, address: '192.0.2.1', helo: 'client.test' };
  return (await evaluateSpf(identity, asking)).result;
}

const signed = messageOf(
  'DKIM-Signature: v=1; a=rsa-sha256; d=x.test; s=s; h=From; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA\r\nFrom: a@x.test\r\n\r\n',
);

async function dkim(zones: Zones, options: DnsServerOptions = {}): Promise<string> {
  const [result] = await verifySignatures(signed, await world(zones, options), 1);
  return `${result?.value} ${result?.reason}`;
}

const questions = (): number => dns?.questions.length ?? 0;

describe('SPF records', () => {
  it('that include themselves, or each other', async () => {
    expect(await spf({ 'x.test.': { TXT: ['v=spf1 include:x.test -all'] } })).toBe('permerror');
    expect(questions()).toBeLessThan(12);
  });

  it('that redirect in a circle', async () => {
    const zones = { 'x.test.': { TXT: ['v=spf1 redirect=y.test'] }, 'y.test.': { TXT: ['v=spf1 redirect=x.test'] } };
    expect(await spf(zones)).toBe('permerror');
    expect(questions()).toBeLessThan(12);
  });

  it('that branch ever on', async () => {
    const branches = (at: number): string => `v=spf1 include:n${at}.test include:m${at}.test -all`;
    const zones = Object.fromEntries(
      Array.from({ length: 30 }, (_, at) => [
        [`n${at}.test.`, { TXT: [branches(at + 1)] }],
        [`m${at}.test.`, { TXT: [branches(at + 1)] }],
      ]).flat(),
    );
    expect(await spf({ ...zones, 'x.test.': { TXT: [branches(0)] } })).toBe('permerror');
    expect(questions()).toBeLessThan(12);
  });

  it('that ask for many mail servers', async () => {
    const MX = Array.from({ length: 500 }, (_, pref) => ({ host: `h${pref}.test.`, pref }));
    const result = await spf({ 'x.test.': { TXT: ['v=spf1 mx mx:x.test mx:x.test ~all'], MX } });
    expect(result).toBe('permerror');
    expect(questions()).toBeLessThan(40);
  });

  it('of 60 kB', async () => {
    const networks = Array.from({ length: 3_500 }, (_, at) => `ip4:10.${at >> 8}.${at & 255}.0`).join(' ');
    expect(await spf({ 'x.test.': { TXT: [`v=spf1 ${networks} -all`] } }, { truncateAbove: 1_232 })).toBe('fail');
  });

  it('among a thousand other texts', async () => {
    const TXT = [...Array.from({ length: 1_000 }, (_, at) => `text ${at}`), 'v=spf1 -all'];
    expect(await spf({ 'x.test.': { TXT } }, { truncateAbove: 1_232 })).toBe('fail');
  });

  it('whose macros make names that are too long', async () => {
    const TXT = [`v=spf1 exists:${'%{l}.'.repeat(200)}test -all`];
    expect(await spf({ 'x.test.': { TXT } }, {}, 'a'.repeat(60))).toMatch(/^(fail|permerror)$/);
  });

  it('with bytes that are no text', async () => {
    expect(await spf({ 'x.test.': { TXT: ['v=spf1 \u0000\u0007 é -all'] } })).toBe('permerror');
  });
});

describe('names', () => {
  it('that are aliases of each other', async () => {
    const zones = { 's._domainkey.x.test.': {}, 'b.test.': {} };
    const aliasOf: Readonly<Record<string, string>> = {
      's._domainkey.x.test': 'b.test',
      'b.test': 's._domainkey.x.test',
    };
    const disturb: DnsServerOptions['disturb'] = (reply) => {
      const name = reply.questions?.[0]?.name ?? '';
      return [dnsPacket.encode({ ...reply, answers: [{ type: 'CNAME', name, ttl: 60, data: aliasOf[name] ?? '' }] })];
    };
    expect(await dkim(zones, { disturb })).toMatch(/^(temperror|permerror) /);
    expect(questions()).toBeLessThan(20);
  });

  it('that point at themselves inside an answer', async () => {
    const disturb: DnsServerOptions['disturb'] = (reply) => {
      const packet = dnsPacket.encode({ ...reply, answers: [] });
      // The answer's name is a pointer to where the pointer stands (RFC 1035 section 4.1.4).
      const answer = Buffer.from([0xc0, packet.length, 0, 16, 0, 1, 0, 0, 0, 60, 0, 2, 1, 0x61]);
      packet.writeUInt16BE(1, 6);
      return [Buffer.concat([packet, answer])];
    };
    expect(await dkim({ 's._domainkey.x.test.': {} }, { disturb })).toMatch(/^temperror key unavailable: /);
  });
});

describe('keys', () => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

  it('that somebody puts beside the answer are not taken', async () => {
    const record = writeKeyRecord('rsa', publicKey);
    const poison = [
      { type: 'TXT' as const, name: 's._domainkey.x.test', ttl: 86_400, data: record.match(/.{1,255}/g) ?? [] },
    ];
    const disturb: DnsServerOptions['disturb'] = (reply) => {
      const asked = reply.questions?.[0]?.name;
      return [dnsPacket.encode(asked === 'y.test' ? { ...reply, answers: poison, additionals: poison } : reply)];
    };
    const asking = await world({ 'y.test.': {} }, { disturb });
    expect((await asking.lookup('TXT', 'y.test')).kind).toBe('no-data');
    const [result] = await verifySignatures(signed, asking, 1);
    expect(result?.reason).toMatch(/^no key for signature: /);
  });

  it.each([
    ['of 60 kB', `v=DKIM1; p=${'A'.repeat(60_000)}`, 'permerror key syntax error: not an RSA public key'],
    ['with 10,000 tags', `v=DKIM1; ${'x=y; '.repeat(10_000)}`, 'permerror key syntax error: tag x is there twice'],
    ['of nothing', '', 'permerror key syntax error: missing public key data'],
    ['of other bytes', '\u0000\uffff=\u0001', 'permerror key syntax error: a tag name that is none'],
  ])('%s', async (_, record, expected) => {
    expect(await dkim({ 's._domainkey.x.test.': { TXT: [record] } }, { truncateAbove: 1_232 })).toBe(expected);
  });

  it('in more records than one', async () => {
    const TXT = Array.from({ length: 1_000 }, () => 'v=DKIM1; p=');
    expect(await dkim({ 's._domainkey.x.test.': { TXT } }, { truncateAbove: 1_232 })).toBe(
      'permerror multiple TXT records found for key',
    );
  });
});
