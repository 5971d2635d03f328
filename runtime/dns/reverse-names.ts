import { promises } from 'node:dns';

/** How long an answer is used again: a client that sends many messages on many connections is looked up once. */
const keptMilliseconds = 60_000;
const mostKept = 10_000;
const queryMilliseconds = 2_000;
const queryTries = 2;

interface Known {
  readonly name: Promise<string | null>;
  readonly until: number;
}

/** First PTR names of client addresses. `servers`: ask these instead of the system's (`HOST:PORT`). */
export class ReverseNames {
  readonly #resolver = new promises.Resolver({ timeout: queryMilliseconds, tries: queryTries });
  readonly #known = new Map<string, Known>();

  constructor(servers: readonly string[] | null = null) {
    if (servers !== null) this.#resolver.setServers(servers);
  }

  /** Without its final dot; null when there is none or nobody tells in time. */
  readonly find = (address: string): Promise<string | null> => {
    const now = Date.now();
    const known = this.#known.get(address);
    if (known !== undefined && known.until > now) return known.name;
    if (this.#known.size >= mostKept) this.#known.clear();
    const name = this.#resolver.reverse(address).then(firstName, () => null);
    this.#known.set(address, { name, until: now + keptMilliseconds });
    return name;
  };
}

function firstName(names: readonly string[]): string | null {
  return names[0]?.replace(/\.$/, '') ?? null;
}
