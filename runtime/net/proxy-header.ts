import { isIPv4, isIPv6, SocketAddress } from 'node:net';
import { unmapAddress } from './peer.ts';

/** Both ends as a PROXY header names them. */
export interface ProxiedAddresses {
  readonly address: string;
  readonly port: number;
  readonly localAddress: string;
  readonly localPort: number;
}

export type ProxyHeader =
  | { readonly kind: 'incomplete' }
  /** What came is no header: all of `rest` is the client's. */
  | { readonly kind: 'absent'; readonly rest: Buffer }
  /** Begins as a header and is none. */
  | { readonly kind: 'malformed' }
  /** `addresses` is null for `UNKNOWN`, LOCAL and families that have no IP address. */
  | { readonly kind: 'header'; readonly addresses: ProxiedAddresses | null; readonly rest: Buffer };

const textPrefix = Buffer.from('PROXY ');
const longestText = 107;
const signature = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1');
const fixedLength = 16;
/** Addresses of unix sockets have 216 bytes; what proxies add behind them (TLVs) is passed over. */
const longestBinary = 4096;

/** Reads a PROXY protocol header, version 1 or 2, at the start of a connection's bytes. */
export function readProxyHeader(bytes: Buffer): ProxyHeader {
  if (startsAs(bytes, textPrefix)) return bytes.length < textPrefix.length ? { kind: 'incomplete' } : readText(bytes);
  if (startsAs(bytes, signature)) return readBinary(bytes);
  return { kind: 'absent', rest: bytes };
}

/** True while nothing speaks against it. */
function startsAs(bytes: Buffer, prefix: Buffer): boolean {
  const length = Math.min(bytes.length, prefix.length);
  return bytes.subarray(0, length).equals(prefix.subarray(0, length));
}

function readText(bytes: Buffer): ProxyHeader {
  const end = bytes.indexOf('\r\n');
  if (end === -1 || end > longestText - 2) {
    return bytes.length < longestText && end === -1 ? { kind: 'incomplete' } : { kind: 'malformed' };
  }
  const rest = bytes.subarray(end + 2);
  const [, family, ...parts] = bytes.toString('latin1', 0, end).split(' ');
  if (family === 'UNKNOWN') return { kind: 'header', addresses: null, rest };
  const [source = '', destination = '', sourcePort = '', destinationPort = ''] = parts;
  const isFamily = family === 'TCP4' ? isIPv4 : family === 'TCP6' ? isIPv6 : null;
  const ports = [sourcePort, destinationPort].map((port) => (/^(?:0|[1-9][0-9]{0,4})$/.test(port) ? Number(port) : -1));
  const [port = -1, localPort = -1] = ports;
  const isWhole = parts.length === 4 && ports.every((value) => value >= 0 && value <= 65_535);
  if (isFamily === null || !isWhole || !isFamily(source) || !isFamily(destination)) return { kind: 'malformed' };
  return {
    kind: 'header',
    addresses: { address: unmapAddress(source), port, localAddress: destination, localPort },
    rest,
  };
}

function readBinary(bytes: Buffer): ProxyHeader {
  if (bytes.length < fixedLength) return { kind: 'incomplete' };
  const version = bytes.readUInt8(12) >> 4;
  const command = bytes.readUInt8(12) & 0xf;
  const family = bytes.readUInt8(13) >> 4;
  const length = bytes.readUInt16BE(14);
  if (version !== 2 || command > 1 || length > longestBinary) return { kind: 'malformed' };
  if (bytes.length < fixedLength + length) return { kind: 'incomplete' };
  const body = bytes.subarray(fixedLength, fixedLength + length);
  const rest = bytes.subarray(fixedLength + length);
  const size = family === 1 ? 4 : family === 2 ? 16 : 0;
  if (command === 0 || size === 0) return { kind: 'header', addresses: null, rest };
  if (length < 2 * size + 4) return { kind: 'malformed' };
  const text = size === 4 ? ipv4Text : ipv6Text;
  const addresses = {
    address: unmapAddress(text(body.subarray(0, size))),
    port: body.readUInt16BE(2 * size),
    localAddress: unmapAddress(text(body.subarray(size, 2 * size))),
    localPort: body.readUInt16BE(2 * size + 2),
  };
  return { kind: 'header', addresses, rest };
}

function ipv4Text(bytes: Buffer): string {
  return bytes.join('.');
}

/** RFC 5952. */
function ipv6Text(bytes: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16));
  return new SocketAddress({ address: groups.join(':'), family: 'ipv6' }).address;
}
