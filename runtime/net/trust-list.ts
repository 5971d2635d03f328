import { NetworkSet } from './network-set.ts';
import { unmapAddress } from './peer.ts';

/** As maddy adds `/32` to whatever has no slash. */
const bareIpv6Bits = 32;

/** Networks whose PROXY headers are believed; none: everybody's (runtime-core 10.3). */
export class TrustList {
  readonly #networks: NetworkSet;
  readonly #everybody: boolean;

  constructor(networks: readonly string[]) {
    this.#everybody = networks.length === 0;
    this.#networks = new NetworkSet(networks, bareIpv6Bits);
  }

  /** `address` is null for peers on unix sockets, which are always trusted. */
  trusts(address: string | null): boolean {
    return this.#everybody || address === null || this.#networks.has(unmapAddress(address));
  }
}
