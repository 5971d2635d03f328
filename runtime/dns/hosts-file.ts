import { isIP } from 'node:net';
import { nameKey } from './records.ts';

/** hosts(5): what this host knows without asking. */
export interface Hosts {
  /** Names by address, the canonical one first. */
  readonly names: ReadonlyMap<string, readonly string[]>;
  readonly addresses: ReadonlyMap<string, readonly string[]>;
}

export const noHosts: Hosts = { names: new Map(), addresses: new Map() };

export function readHosts(text: string): Hosts {
  const names = new Map<string, string[]>();
  const addresses = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [address = '', ...words] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (isIP(address) === 0) continue;
    for (const name of words.map(nameKey)) {
      add(names, address, name);
      add(addresses, name, address);
    }
  }
  return { names, addresses };
}

function add(map: Map<string, string[]>, key: string, value: string): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else if (!known.includes(value)) known.push(value);
}
