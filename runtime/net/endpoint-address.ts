import { isEndpointFault, parseEndpoint } from '../../compiler/catalog/values/endpoint.ts';

/** Where to listen or to connect to. */
export type EndpointAddress =
  | {
      readonly kind: 'tcp';
      readonly host: string;
      readonly port: number;
      /** TLS from the first byte. */
      readonly tls: boolean;
    }
  | { readonly kind: 'unix'; readonly path: string };

/** An address as written in a configuration. Throws with maddy's words. */
export function endpointAddress(text: string, runtimeDir: string): EndpointAddress {
  const parsed = parseEndpoint(text, { runtimeDirectory: runtimeDir });
  if (isEndpointFault(parsed)) throw new Error(parsed.error);
  if (parsed.network === 'unix') return { kind: 'unix', path: parsed.path };
  const port = Number(parsed.port);
  if (!Number.isInteger(port) || port > 65_535) throw new Error(`${text}: invalid port`);
  return { kind: 'tcp', host: parsed.host, port, tls: parsed.tls };
}

/** `192.0.2.1:25`, `[2001:db8::1]:25` or the path of a socket. */
export function addressText(address: EndpointAddress): string {
  if (address.kind === 'unix') return address.path;
  return `${address.host.includes(':') ? `[${address.host}]` : address.host}:${address.port}`;
}

/** Whether a socket that listens at `open` serves who wants to listen at `wanted`: any address is any, of either family. */
export function sameListener(open: EndpointAddress, wanted: EndpointAddress): boolean {
  if (open.kind === 'unix' || wanted.kind === 'unix') {
    return open.kind === 'unix' && wanted.kind === 'unix' && open.path === wanted.path;
  }
  if (open.port !== wanted.port) return false;
  return open.host === wanted.host || (anyHost.has(open.host) && anyHost.has(wanted.host));
}

const anyHost: ReadonlySet<string> = new Set(['0.0.0.0', '::']);
