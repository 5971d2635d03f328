import { isEndpointFault, parseEndpoint } from '../catalog/values/endpoint.ts';
import type { ExpandedArg } from '../expand/expanded.ts';
import { sameListener } from './codes/structure.ts';
import { type Finding, finding } from './finding.ts';
import type { Module } from './ir.ts';

/** Two endpoints on one address: only one of them can ever answer. */
export function findSharedListeners(endpoints: readonly Module[]): readonly Finding[] {
  const taken = new Map<string, ExpandedArg>();
  const found: Finding[] = [];
  for (const endpoint of endpoints) {
    for (const address of endpoint.addresses) {
      const parsed = parseEndpoint(address.value, { udp: true });
      // Port 0 is a free port each time.
      if (isEndpointFault(parsed) || parsed.port === '0') continue;
      const key = `${parsed.network} ${parsed.address}`;
      const earlier = taken.get(key);
      if (earlier !== undefined) found.push(shared(address, earlier));
      else taken.set(key, address);
    }
  }
  return found;
}

function shared(address: ExpandedArg, earlier: ExpandedArg): Finding {
  return finding(sameListener, address.origin, {
    message: `${address.value} is taken already`,
    details: [
      'Only one endpoint can listen on an address. maddy starts all the same, and only the first one ever answers.',
      'Give one of the two another port or address.',
    ],
    related: [{ file: earlier.origin.file, range: earlier.origin.range, message: 'an endpoint listens there already' }],
  });
}
