import type { EndpointAddress } from '../net/endpoint-address.ts';
import type { Claim, ConnectionHandler, ListenerTable } from '../net/listener-table.ts';
import type { Logger } from '../observe/log.ts';
import { listenAddress } from './listen-address.ts';

interface Place {
  /** As written in the configuration. */
  readonly text: string;
  readonly address: EndpointAddress;
  claim: Claim | null;
}

/** The addresses of an endpoint, from its configuration to open sockets. */
export class Listening {
  readonly #places: readonly Place[];
  readonly #log: Logger;

  /** Throws when an address cannot be one. */
  constructor(addresses: readonly string[], runtimeDir: string, { name, log }: { name: string; log: Logger }) {
    this.#places = addresses.map((text) => ({ text, address: listenAddress(text, runtimeDir, name), claim: null }));
    this.#log = log;
  }

  get addresses(): readonly EndpointAddress[] {
    return this.#places.map(({ address }) => address);
  }

  async open(listeners: ListenerTable, handlerFor: (address: EndpointAddress) => ConnectionHandler): Promise<void> {
    for (const place of this.#places) {
      place.claim = await listeners.claim(place.address, handlerFor(place.address));
      if (listeners.announces) this.#log.message(`listening on ${place.text}`);
    }
  }

  serve(): void {
    for (const { claim } of this.#places) claim?.serve();
  }

  get ports(): ReadonlyMap<string, number> {
    return new Map(
      this.#places.flatMap(({ text, claim }): [string, number][] =>
        claim === null || claim.port === null ? [] : [[text, claim.port]],
      ),
    );
  }

  async release(): Promise<void> {
    await Promise.all(this.#places.map(({ claim }) => claim?.release()));
  }
}
