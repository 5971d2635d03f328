import type { Eventually } from '../module.ts';
import { monotonicTime } from '../monotonic-time.ts';
import type { Resolver } from './resolver.ts';

/** How long an answer is used again: a client that sends many messages on many connections is looked up once. */
const keptMilliseconds = 60_000;
const mostKept = 10_000;
/** A message waits for it. */
const patience = 4_000;

interface Known {
  name: Eventually<string | null>;
  readonly until: number;
}

/** First PTR names of client addresses. */
export class ReverseNames {
  readonly #resolver: Resolver;
  readonly #known = new Map<string, Known>();

  constructor(resolver: Resolver) {
    this.#resolver = resolver;
  }

  /** Without its final dot; null when there is none or nobody tells in time. */
  readonly find = (address: string): Eventually<string | null> => {
    const now = monotonicTime();
    const known = this.#known.get(address);
    if (known !== undefined && known.until > now) return known.name;
    if (this.#known.size >= mostKept) this.#known.clear();
    const name = this.#firstName(address).then((found) => {
      entry.name = found;
      return found;
    });
    const entry: Known = { name, until: now + keptMilliseconds };
    this.#known.set(address, entry);
    return name;
  };

  async #firstName(address: string): Promise<string | null> {
    const { promise: tooLate, resolve } = Promise.withResolvers<null>();
    const timer = setTimeout(() => resolve(null), patience);
    const answer = await Promise.race([this.#resolver.reverse(address), tooLate]);
    clearTimeout(timer);
    return answer?.kind === 'records' ? answer.records[0] : null;
  }
}
