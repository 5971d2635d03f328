import { QueueHost } from './host.ts';
import type { QueueStore } from './store.ts';

interface OpenHost {
  readonly host: Promise<QueueHost>;
  uses: number;
}

/** Open queues by place: they outlive the configuration that opened them as long as another one uses them. */
export class QueueHosts {
  readonly #open = new Map<string, OpenHost>();

  /** The queue of that place, opened by whoever comes first; each claim is given back by `release`. */
  claim(place: string, open: () => QueueStore, onError: (error: unknown) => void): Promise<QueueHost> {
    const known = this.#open.get(place);
    if (known !== undefined) {
      known.uses++;
      return known.host;
    }
    const host = openHost(open(), onError);
    this.#open.set(place, { host, uses: 1 });
    host.catch(() => this.#open.delete(place));
    return host;
  }

  async release(place: string): Promise<void> {
    const open = this.#open.get(place);
    if (open === undefined || --open.uses > 0) return;
    this.#open.delete(place);
    await (await open.host).store.close();
  }
}

async function openHost(store: QueueStore, onError: (error: unknown) => void): Promise<QueueHost> {
  await store.open();
  return new QueueHost(store, onError);
}

/** The queues of one configuration: each place belongs to one of them. */
export class QueueClaims {
  readonly #hosts: QueueHosts;
  readonly #claimed = new Set<string>();

  constructor(hosts: QueueHosts) {
    this.#hosts = hosts;
  }

  claim(place: string, open: () => QueueStore, onError: (error: unknown) => void): Promise<QueueHost> {
    if (this.#claimed.has(place)) throw new Error(`two queues have the location ${place}: give one of them another`);
    this.#claimed.add(place);
    return this.#hosts.claim(place, open, onError);
  }

  async release(place: string): Promise<void> {
    if (this.#claimed.delete(place)) await this.#hosts.release(place);
  }
}
