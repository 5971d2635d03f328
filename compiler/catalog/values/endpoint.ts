import { cleanPath } from '../../source/path.ts';
import { type GoUrl, isUrlFault, parseGoUrl } from './go-url.ts';
import { isLoopback } from './network.ts';

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
  const url = parseGoUrl(text);
  if (isUrlFault(url)) return { error: url.fault, hint: urlHint(text) };
  const { scheme } = url;
  if (scheme !== 'tcp' && scheme !== 'tls' && scheme !== 'unix' && !(scheme === 'udp' && options.udp === true)) {
    return { error: `unsupported scheme: ${text} (${url.text})`, hint: schemeHint(text, scheme) };
  }
  return scheme === 'unix' ? socketEndpoint(url, options.runtimeDirectory ?? '/run/maddy') : hostEndpoint(scheme, url);
}

export function isEndpointFault(result: Endpoint | EndpointFault): result is EndpointFault {
  return 'error' in result;
}

/** What is said over it stays on this host: a socket, or a loopback address. */
export function isLocal(endpoint: Endpoint): boolean {
  return endpoint.network === 'unix' || isLoopback(endpoint.host);
}

function socketEndpoint(url: GoUrl, runtimeDirectory: string): Endpoint {
  const written = (url.opaque === '' ? url.host + url.path : url.opaque).toWellFormed();
  const path = written.startsWith('/') ? written : cleanPath(`${runtimeDirectory}/${written}`);
  return { scheme: 'unix', host: '', port: '', path, network: 'unix', address: path, tls: false };
}

function hostEndpoint(scheme: 'tcp' | 'tls' | 'udp', url: GoUrl): Endpoint | EndpointFault {
  const parts = splitHostPort((url.opaque === '' ? url.host : url.opaque).toWellFormed());
  if (parts === null) return { error: 'port is required', hint: 'the port is missing' };
  const [host, port] = parts;
  const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  const network = scheme === 'udp' ? 'udp' : 'tcp';
  return { scheme, host, port, path: url.path.toWellFormed(), network, address, tls: scheme === 'tls' };
}

/** At the last colon; null without a port, or with several colons outside of brackets. */
function splitHostPort(text: string): readonly [host: string, port: string] | null {
  const match = text.startsWith('[') ? /^\[([^[\]]*)\]:([^:[\]]+)$/.exec(text) : /^([^:[\]]*):([^:[\]]+)$/.exec(text);
  return match === null ? null : [match[1] ?? '', match[2] ?? ''];
}

function urlHint(text: string): string | null {
  if (text.startsWith(':')) return 'the scheme is missing';
  return /^[^/]*:\d+$/.test(text) ? `the scheme is missing: tcp://${text}` : null;
}

function schemeHint(text: string, scheme: string): string | null {
  if (text.startsWith('/')) return `a socket is written unix://${text}`;
  if (scheme === 'smtp' || scheme === 'lmtp' || scheme === 'imap' || scheme === 'http')
    return `write tcp:${text.slice(text.indexOf(':') + 1)}`;
  if (scheme === 'smtps' || scheme === 'ssl' || scheme === 'imaps' || scheme === 'lmtps')
    return `write tls:${text.slice(text.indexOf(':') + 1)}`;
  return /^[^/]*:\d+$/.test(text) ? `write tcp://${text}` : null;
}
