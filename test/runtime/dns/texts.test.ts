import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnswerCache } from '../../../runtime/dns/answer-cache.ts';
import { readHosts } from '../../../runtime/dns/hosts-file.ts';
import { readResolvConf, settingsForServer } from '../../../runtime/dns/name-servers.ts';
import { createQuery, readResponse } from '../../../runtime/dns/query.ts';
import { reverseName } from '../../../runtime/dns/reverse-name.ts';

describe('resolv.conf', () => {
  it('names servers and options', () => {
    const text =
      '# by hand\nnameserver 192.0.2.53 ; first\nnameserver ::1\nnameserver nonsense\noptions timeout:1 attempts:3 edns0\n';
    expect(readResolvConf(text)).toEqual({
      servers: [
        { address: '192.0.2.53', port: 53, trusted: false },
        { address: '::1', port: 53, trusted: true },
      ],
      timeout: 1_000,
      attempts: 3,
    });
  });

  it('trusts servers that the administrator trusts', () => {
    expect(readResolvConf('nameserver 192.0.2.53\noptions trust-ad\n').servers[0].trusted).toBe(true);
  });

  it('asks this host when it names nobody', () => {
    expect(readResolvConf('').servers).toEqual([{ address: '127.0.0.1', port: 53, trusted: true }]);
  });
});

describe('the server of -debug.dnsoverride', () => {
  it.each([
    ['127.0.0.1:5353', '127.0.0.1', 5353],
    ['[::1]:5353', '::1', 5353],
    ['192.0.2.1', '192.0.2.1', 53],
  ])('reads %s', (text, address, port) => {
    expect(settingsForServer(text).servers).toMatchObject([{ address, port }]);
  });

  it('refuses what is no address', () => {
    expect(() => settingsForServer('dns.example.org:53')).toThrow(
      '"dns.example.org:53" is not the address of a DNS server',
    );
  });
});

it('reads hosts(5)', () => {
  const { names, addresses } = readHosts('127.0.0.1 localhost\n192.0.2.1\tMail.Test mail # us\nnonsense x\n');
  expect(names.get('192.0.2.1')).toEqual(['mail.test', 'mail']);
  expect(addresses.get('mail')).toEqual(['192.0.2.1']);
  expect(addresses.get('x')).toBeUndefined();
});

it.each([
  ['192.0.2.1', '1.2.0.192.in-addr.arpa'],
  ['2001:db8::567:89ab', 'b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa'],
  ['::ffff:192.0.2.1', '1.0.2.0.0.0.0.c.f.f.f.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa'],
])('names %s from behind', (address, name) => {
  expect(reverseName(address)).toBe(name);
});

it('knows that a host name is no address', () => {
  expect(reverseName('mx.test')).toBeNull();
});

it('keeps no more answers than it may', () => {
  const cache = new AnswerCache<number>(100, () => 0);
  for (let at = 0; at < 1_000; at++) cache.put(String(at), at, 60);
  expect(cache.get('899')).toBeUndefined();
  expect(cache.get('900')).toBe(900);
});

it('survives every datagram', () => {
  const query = createQuery('MX', 'a.test', true);
  const garbage = fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes));
  const distorted = fc
    .tuple(fc.nat(query.bytes.length - 1), fc.nat(255), fc.uint8Array({ maxLength: 100 }))
    .map(([at, byte, tail]) => {
      const bytes = Buffer.concat([query.bytes, tail]);
      bytes.writeUInt16BE(0x8180, 2);
      bytes.writeUInt16BE(bytes.length % 7, 6);
      bytes[at] = byte;
      return bytes;
    });
  fc.assert(
    fc.property(fc.oneof(garbage, distorted), (bytes) => {
      readResponse(bytes, query);
    }),
  );
});
