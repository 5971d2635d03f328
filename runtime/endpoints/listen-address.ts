import { isEndpointFault, parseEndpoint } from '../../compiler/catalog/values/endpoint.ts';
import type { EndpointAddress } from '../net/endpoint-address.ts';

/** An address of an endpoint, as written. Throws with maddy's words. */
export function listenAddress(text: string, runtimeDir: string, endpoint: string): EndpointAddress {
  const parsed = parseEndpoint(text, { runtimeDirectory: runtimeDir });
  if (isEndpointFault(parsed)) throw new Error(`${text}: invalid address: ${endpoint}`);
  if (parsed.network === 'unix') return { kind: 'unix', path: parsed.path };
  const port = Number(parsed.port);
  if (!Number.isInteger(port) || port > 65_535) throw new Error(`${text}: invalid address: ${endpoint}`);
  return { kind: 'tcp', host: parsed.host, port, tls: parsed.tls };
}

/** Clear text is of no concern on these (runtime-core 3.2). */
export function isLocal(address: EndpointAddress): boolean {
  return address.kind === 'unix' || address.host.startsWith('127.0.0.');
}
