import { cleanPath } from '../../source/path.ts';
import { isIpv6 } from './network.ts';

/** An address to listen on or to connect to (language.md section 12). */
export interface Endpoint {
  readonly scheme: 'tcp' | 'tls' | 'unix' | 'udp';
  /** Without brackets; empty: all addresses. */
  readonly host: string;
  /** Digits as written; not looked at any closer here. */
  readonly port: string;
  /** Of a socket: absolute, relative ones below the runtime directory. */
  readonly path: string;
  readonly network: 'tcp' | 'unix' | 'udp';
  /** What is dialled or listened on. */
  readonly address: string;
  readonly tls: boolean;
}

export interface EndpointFault {
  /** maddy's text. */
  readonly error: string;
  readonly hint: string | null;
}

export interface EndpointOptions {
  /** Where relative socket paths begin. */
  readonly runtimeDirectory?: string;
  /** Madmail's first line also listens on `udp://`. */
  readonly udp?: boolean;
}

export function parseEndpoint(text: string, options: EndpointOptions = {}): Endpoint | EndpointFault {
  const url = splitUrl(text);
  if ('error' in url) return url;
  const scheme = url.scheme;
  if (scheme !== 'tcp' && scheme !== 'tls' && scheme !== 'unix' && !(scheme === 'udp' && options.udp === true)) {
    return { error: `unsupported scheme: ${text} (${text})`, hint: schemeHint(text, scheme) };
  }
  return scheme === 'unix' ? socketEndpoint(url, options.runtimeDirectory ?? '/run/maddy') : hostEndpoint(scheme, url);
}

export function isEndpointFault(result: Endpoint | EndpointFault): result is EndpointFault {
  return 'error' in result;
}

interface Url {
  readonly scheme: string;
  /** Host and port as written, the host's escapes decoded. */
  readonly authority: string;
  readonly path: string;
  /** What follows the scheme when no slash does. */
  readonly opaque: string;
}

function socketEndpoint(url: Url, runtimeDirectory: string): Endpoint {
  const written = url.opaque === '' ? url.authority + url.path : url.opaque;
  const path = written.startsWith('/') ? written : cleanPath(`${runtimeDirectory}/${written}`);
  return { scheme: 'unix', host: '', port: '', path, network: 'unix', address: path, tls: false };
}

function hostEndpoint(scheme: 'tcp' | 'tls' | 'udp', url: Url): Endpoint | EndpointFault {
  const parts = splitHostPort(url.opaque === '' ? url.authority : url.opaque);
  if (parts === null) return { error: 'port is required', hint: 'the port is missing' };
  const [host, port] = parts;
  const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  const network = scheme === 'udp' ? 'udp' : 'tcp';
  return { scheme, host, port, path: url.path, network, address, tls: scheme === 'tls' };
}

/** At the last colon; null without a port, or with several colons outside of brackets. */
function splitHostPort(text: string): readonly [host: string, port: string] | null {
  const bracketed = /^\[([^[\]]*)\]:(.+)$/s.exec(text);
  const plain = /^([^:[\]]*):([^:]+)$/s.exec(text);
  const match = bracketed ?? plain;
  return match === null ? null : [match[1] ?? '', match[2] ?? ''];
}

/** The parts of a URL as Go's parser takes it apart. */
function splitUrl(input: string): Url | EndpointFault {
  const hash = input.indexOf('#');
  const text = hash === -1 ? input : input.slice(0, hash);
  const fault = (reason: string, hint: string | null = null): EndpointFault => ({
    error: `parse ${quote(text)}: ${reason}`,
    hint,
  });
  if (/[\x00-\x1F\x7F]/.test(text)) return fault('net/url: invalid control character in URL');
  const fragment = hash === -1 ? '' : input.slice(hash + 1);
  const badFragment = badEscape(fragment);
  if (badFragment !== null) return fault(`invalid URL escape ${quote(badFragment)}`);
  if (text.startsWith(':')) return fault('missing protocol scheme', 'the scheme is missing');
  const scheme = /^([A-Za-z][A-Za-z0-9+\-.]*):/.exec(text)?.[1] ?? '';
  const question = text.indexOf('?');
  const rest = text.slice(scheme === '' ? 0 : scheme.length + 1, question === -1 ? undefined : question);
  const lower = scheme.toLowerCase();
  if (!rest.startsWith('/')) {
    if (scheme !== '') return { scheme: lower, authority: '', path: '', opaque: rest };
    const [segment] = rest.split('/');
    if (segment?.includes(':') === true) {
      return fault('first path segment in URL cannot contain colon', `the scheme is missing: tcp://${text}`);
    }
  }
  if (scheme === '' || !rest.startsWith('//')) return withPath({ scheme: lower, authority: '' }, rest, fault);
  const slash = rest.indexOf('/', 2);
  const authority = slash === -1 ? rest.slice(2) : rest.slice(2, slash);
  const host = parseAuthority(authority);
  if (typeof host !== 'string') return fault(host.reason);
  return withPath({ scheme: lower, authority: host }, slash === -1 ? '' : rest.slice(slash), fault);
}

type Fault = (reason: string) => EndpointFault;

function withPath(url: Pick<Url, 'scheme' | 'authority'>, path: string, fault: Fault): Url | EndpointFault {
  const bad = badEscape(path);
  if (bad !== null) return fault(`invalid URL escape ${quote(bad)}`);
  return { ...url, path: decodeEscapes(path), opaque: '' };
}

/** Host and port, with user information dropped. */
function parseAuthority(authority: string): string | { readonly reason: string } {
  const at = authority.lastIndexOf('@');
  if (at !== -1 && !/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(authority.slice(0, at))) {
    return { reason: 'net/url: invalid userinfo' };
  }
  const host = authority.slice(at + 1);
  const open = host.indexOf('[');
  if (open === 0) return parseBracketed(host);
  if (open > 0) return { reason: 'invalid IP-literal' };
  const colon = host.lastIndexOf(':');
  if (colon !== -1 && !/^:\d*$/.test(host.slice(colon))) {
    return { reason: `invalid port ${quote(host.slice(colon))} after host` };
  }
  return decodeHost(host);
}

function parseBracketed(host: string): string | { readonly reason: string } {
  const close = host.lastIndexOf(']');
  if (close === -1) return { reason: "missing ']' in host" };
  const port = host.slice(close + 1);
  if (port !== '' && !/^:\d*$/.test(port)) return { reason: `invalid port ${quote(port)} after host` };
  const inside = host.slice(1, close);
  const zone = inside.indexOf('%25');
  const address = zone === -1 ? inside : inside.slice(0, zone);
  const decoded = zone === -1 ? '' : `%${decodeEscapes(inside.slice(zone + 3))}`;
  if (!address.includes(':') && /^[\d.]+$/.test(address)) return { reason: 'invalid IP-literal' };
  if (!isIpv6(address)) return { reason: `invalid host: ParseAddr(${quote(address)}): unable to parse IP` };
  return `[${address}${decoded}]${port}`;
}

/** Escapes may only stand for bytes outside ASCII. */
function decodeHost(host: string): string | { readonly reason: string } {
  for (const match of host.matchAll(/%(.{0,2})/gs)) {
    if (!/^[89A-Fa-f][\dA-Fa-f]$/.test(match[1] ?? '')) return { reason: `invalid URL escape ${quote(match[0])}` };
  }
  const wrong = /[^A-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"%\u0080-\u{10FFFF}]/u.exec(host)?.[0];
  if (wrong !== undefined) return { reason: `invalid character ${quote(wrong)} in host name` };
  return decodeEscapes(host);
}

function badEscape(text: string): string | null {
  for (const match of text.matchAll(/%(.{0,2})/gs)) if (!/^[\dA-Fa-f]{2}$/.test(match[1] ?? '')) return match[0];
  return null;
}

/** Decodes `%XX`; bytes that form no UTF-8 are left as they are written. */
function decodeEscapes(text: string): string {
  return text.replaceAll(/(?:%[\dA-Fa-f]{2})+/g, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
}

function schemeHint(text: string, scheme: string): string | null {
  if (text.startsWith('/')) return `a socket is written unix://${text}`;
  if (scheme === 'smtp' || scheme === 'lmtp' || scheme === 'http')
    return `write tcp:${text.slice(text.indexOf(':') + 1)}`;
  if (scheme === 'smtps' || scheme === 'ssl' || scheme === 'lmtps')
    return `write tls:${text.slice(text.indexOf(':') + 1)}`;
  return /^[^/]*:\d+$/.test(text) ? `write tcp://${text}` : null;
}

function quote(text: string): string {
  return JSON.stringify(text);
}
