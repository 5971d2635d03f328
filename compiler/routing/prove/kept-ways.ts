import type { EntryPoint, RecipientTrace } from '../explain/envelope-run.ts';
import type { Routes } from '../routes.ts';

/**
 * What became of envelopes that no table was asked about: that follows from the endpoint and from the blocks that mail passes behind
 * it, and stays as long as those are the same objects.
 */
export class KeptWays {
  #blocks: Routes['blocks'] | null = null;
  #byEndpoint = new WeakMap<EntryPoint, Map<string, RecipientTrace>>();

  begin({ blocks }: Routes): void {
    if (blocks !== this.#blocks) this.#byEndpoint = new WeakMap();
    this.#blocks = blocks;
  }

  /** By a name for the envelope. */
  through(endpoint: EntryPoint): Map<string, RecipientTrace> {
    let known = this.#byEndpoint.get(endpoint);
    if (known === undefined) {
      known = new Map();
      this.#byEndpoint.set(endpoint, known);
    }
    return known;
  }
}
