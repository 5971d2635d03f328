import { isIP } from 'node:net';
import { isLoopback } from '../../compiler/catalog/values/network.ts';

export interface NameServer {
  readonly address: string;
  readonly port: number;
  /** Its AD bit counts: it is this host's own, or the administrator has said so. */
  readonly trusted: boolean;
}

/** Whom to ask, and how patiently. */
export interface ResolverSettings {
  readonly servers: readonly [NameServer, ...NameServer[]];
  /** Of one query, in milliseconds. */
  readonly timeout: number;
  /** Rounds over all servers. */
  readonly attempts: number;
}

const dnsPort = 53;
/** Clients wait for a reply to MAIL meanwhile: shorter than the five seconds of resolv.conf(5). */
const defaultTimeout = 3_000;
const defaultAttempts = 2;
const mostServers = 3;
const longestTimeout = 30_000;
const mostAttempts = 5;

/** resolv.conf(5); without any `nameserver` it is this host that is asked. */
export function readResolvConf(text: string): ResolverSettings {
  const lines = text.split('\n').map((line) =>
    line
      .replace(/[#;].*/, '')
      .trim()
      .split(/\s+/),
  );
  const options = lines.filter(([word]) => word === 'options').flatMap(([, ...words]) => words);
  const trusted = options.includes('trust-ad');
  const [first, ...others] = lines
    .filter(([word]) => word === 'nameserver')
    .flatMap(([, address = '']) =>
      isIP(address.split('%')[0] ?? '') === 0 ? [] : nameServer(address, dnsPort, trusted),
    )
    .slice(0, mostServers);
  const timeout = numberOf(options, 'timeout');
  const attempts = numberOf(options, 'attempts');
  return {
    servers: [first ?? nameServer('127.0.0.1', dnsPort, trusted), ...others],
    timeout: timeout === null ? defaultTimeout : Math.min(Math.max(timeout, 1) * 1_000, longestTimeout),
    attempts: attempts === null ? defaultAttempts : Math.min(Math.max(attempts, 1), mostAttempts),
  };
}

function numberOf(options: readonly string[], name: string): number | null {
  const word = options.find((option) => option.startsWith(`${name}:`))?.slice(name.length + 1) ?? '';
  return /^\d{1,9}$/.test(word) ? Number(word) : null;
}

/** `HOST:PORT`, `[HOST]:PORT` or `HOST` of the only server to ask. Throws when it is none. */
export function settingsForServer(text: string): ResolverSettings {
  const match = /^\[([^\]]+)\](?::(\d+))?$/.exec(text) ?? /^([^:]+)(?::(\d+))?$/.exec(text);
  const address = match?.[1] ?? text;
  const port = Number(match?.[2] ?? dnsPort);
  if (isIP(address) === 0 || port > 65_535) {
    throw new Error(`${JSON.stringify(text)} is not the address of a DNS server: IP:PORT is expected`);
  }
  return { servers: [nameServer(address, port, false)], timeout: 2_000, attempts: 2 };
}

function nameServer(address: string, port: number, trusted: boolean): NameServer {
  return { address, port, trusted: trusted || isLoopback(address) };
}
