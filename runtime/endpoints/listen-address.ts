import { type EndpointAddress, endpointAddress } from '../net/endpoint-address.ts';

/** An address of an endpoint, as written. Throws with maddy's words. */
export function listenAddress(text: string, runtimeDir: string, endpoint: string): EndpointAddress {
  try {
    return endpointAddress(text, runtimeDir);
  } catch (error) {
    throw new Error(`${text}: invalid address: ${endpoint}`, { cause: error });
  }
}

/** Clear text is of no concern on these (runtime-core 3.2). */
export function isLocal(address: EndpointAddress): boolean {
  return address.kind === 'unix' || address.host.startsWith('127.0.0.');
}
