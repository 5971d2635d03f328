import { BlockList, isIPv6 } from 'node:net';
import { unmapAddress } from './peer.ts';

/** Networks whose PROXY headers are believed; none: everybody's (runtime-core 10.3). */
export class TrustList {
  readonly #networks = new BlockList();
  readonly #everybody: boolean;

  /** Addresses and networks in CIDR form; `/32` is added where there is no slash, as maddy does. */
  constructor(networks: readonly string[]) {
    this.#everybody = networks.length === 0;
    for (const network of networks) {
      const [address = '', bits = '32'] = network.split('/');
      this.#networks.addSubnet(address, Number(bits), isIPv6(address) ? 'ipv6' : 'ipv4');
    }
  }

  /** `address` is null for peers on unix sockets, which are always trusted. */
  trusts(address: string | null): boolean {
    if (this.#everybody || address === null) return true;
    const plain = unmapAddress(address);
    return this.#networks.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4');
  }
}
