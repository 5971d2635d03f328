import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unmapAddress } from '../../../runtime/net/peer.ts';
import { readProxyHeader } from '../../../runtime/net/proxy-header.ts';
import { TrustList } from '../../../runtime/net/trust-list.ts';

const signature = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1');

/** Version 2; `extra` stands for TLVs. */
function binary(command: number, family: number, addresses: Buffer, extra = Buffer.alloc(0)): Buffer {
  const fixed = Buffer.from([0x20 | command, family, 0, 0]);
  fixed.writeUInt16BE(addresses.length + extra.length, 2);
  return Buffer.concat([signature, fixed, addresses, extra]);
}

const ipv4 = Buffer.from([192, 0, 2, 1, 192, 0, 2, 2, 0x12, 0x34, 0, 25]);
const ipv6 = Buffer.concat([
  Buffer.from('20010db8000000000000000000000001', 'hex'),
  Buffer.from('00000000000000000000ffffc0000202', 'hex'),
  Buffer.from([0x12, 0x34, 0, 25]),
]);

const headers: readonly (readonly [string, Buffer, unknown])[] = [
  ['TCP4', Buffer.from('PROXY TCP4 192.0.2.1 192.0.2.2 4660 25\r\n'), ['192.0.2.1', 4660, '192.0.2.2', 25]],
  ['TCP6', Buffer.from('PROXY TCP6 2001:db8::1 ::1 4660 25\r\n'), ['2001:db8::1', 4660, '::1', 25]],
  ['UNKNOWN', Buffer.from('PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535\r\n'), null],
  ['version 2, IPv4', binary(1, 0x11, ipv4), ['192.0.2.1', 4660, '192.0.2.2', 25]],
  ['version 2, IPv6 with a mapped address', binary(1, 0x21, ipv6), ['2001:db8::1', 4660, '192.0.2.2', 25]],
  ['version 2 with TLVs', binary(1, 0x11, ipv4, Buffer.alloc(300)), ['192.0.2.1', 4660, '192.0.2.2', 25]],
  ['version 2, LOCAL', binary(0, 0x11, ipv4), null],
  ['version 2, unix socket', binary(1, 0x31, Buffer.alloc(216)), null],
];

test.each(headers)('%s is read, whatever follows, and not before it is whole', (_, header, expected) => {
  const rest = Buffer.from('EHLO a\r\n');
  for (let length = 1; length < header.length; length++) {
    expect(readProxyHeader(header.subarray(0, length)).kind).toBe('incomplete');
  }
  const read = readProxyHeader(Buffer.concat([header, rest]));
  if (read.kind !== 'header') throw new Error(`it was ${read.kind}`);
  const { addresses } = read;
  expect(addresses && [addresses.address, addresses.port, addresses.localAddress, addresses.localPort]).toEqual(
    expected,
  );
  expect(read.rest).toEqual(rest);
});

test.each([
  'PROXY TCP4 192.0.2.1 192.0.2.2 4660\r\n',
  'PROXY TCP4 192.0.2.1 192.0.2.2 4660 25 1\r\n',
  'PROXY TCP4 192.0.2.1 ::1 4660 25\r\n',
  'PROXY TCP4 192.0.2.1 192.0.2.2 04660 25\r\n',
  'PROXY TCP4 192.0.2.1 192.0.2.2 70000 25\r\n',
  'PROXY UDP4 192.0.2.1 192.0.2.2 4660 25\r\n',
  `PROXY TCP4 ${'1'.repeat(120)}`,
])('%j is malformed', (text) => {
  expect(readProxyHeader(Buffer.from(text)).kind).toBe('malformed');
});

test.each([
  ['another version', Buffer.concat([signature, Buffer.from([0x11, 0x11, 0, 0])])],
  ['an unknown command', binary(2, 0x11, ipv4)],
  ['too few bytes for its family', binary(1, 0x21, ipv4)],
  ['more than anybody needs', Buffer.concat([signature, Buffer.from([0x21, 0x11, 0xff, 0xff])])],
])('version 2 with %s is malformed', (_, bytes) => {
  expect(readProxyHeader(bytes).kind).toBe('malformed');
});

test('anything else is the client’s, and nothing throws', () => {
  expect(readProxyHeader(Buffer.from('EHLO a\r\n'))).toEqual({ kind: 'absent', rest: Buffer.from('EHLO a\r\n') });
  const start = fc.constantFrom('', 'PROXY ', 'PROXY TCP4 ', signature.toString('latin1'));
  fc.assert(
    fc.property(start, fc.uint8Array({ maxLength: 200 }), (prefix, bytes) => {
      readProxyHeader(Buffer.concat([Buffer.from(prefix, 'latin1'), bytes]));
    }),
  );
});

test('trust lists', () => {
  const list = new TrustList(['10.0.0.0/8', '192.0.2.1', '2001:db8::/32']);
  for (const address of ['10.1.2.3', '::ffff:10.1.2.3', '192.0.2.1', '2001:db8::9', null]) {
    expect(list.trusts(address)).toBe(true);
  }
  for (const address of ['11.1.2.3', '192.0.2.2', '2001:db9::9']) expect(list.trusts(address)).toBe(false);
  expect(new TrustList([]).trusts('203.0.113.1')).toBe(true);
});

test('addresses are un-mapped', () => {
  expect(unmapAddress('::ffff:192.0.2.1')).toBe('192.0.2.1');
  expect(unmapAddress('::FFFF:192.0.2.1')).toBe('192.0.2.1');
  expect(unmapAddress('2001:db8::1')).toBe('2001:db8::1');
});
