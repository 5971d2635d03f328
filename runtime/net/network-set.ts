import { BlockList, isIPv6 } from 'node:net';

/** Addresses and networks in CIDR form. */
export class NetworkSet {
  readonly #networks = new BlockList();

  /** `bareIpv6Bits`: what an IPv6 address without a slash stands for; an IPv4 address is itself. */
  constructor(networks: readonly string[], bareIpv6Bits: number) {
    for (const network of networks) {
      const [address = '', bits] = network.split('/');
      const isV6 = isIPv6(address);
      this.#networks.addSubnet(address, Number(bits ?? (isV6 ? bareIpv6Bits : 32)), isV6 ? 'ipv6' : 'ipv4');
    }
  }

  has(address: string): boolean {
    return this.#networks.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
  }
}
