import { createLimits, type Limits } from '../limits/limits.ts';
import type { LimitsConfig } from './messages.ts';

export interface PermitRequest {
  readonly request: number;
  /** `GENERATION/…`: which limits of which configuration. */
  readonly key: string;
  readonly config: LimitsConfig;
  readonly client: string;
  readonly domain: string;
}

/** The limits of all workers: counted in one place, they are right for all. */
export class LimitDesk {
  readonly #limits = new Map<string, Limits>();

  /** The permits of one worker, which are given back when it ends, however it ends. */
  openAccount(): PermitAccount {
    return new PermitAccount((key, config) => this.#limitsOf(key, config));
  }

  /** Forgets the limits of a configuration that no worker has any more. */
  forget(generation: number): void {
    for (const key of this.#limits.keys()) if (key.startsWith(`${generation}/`)) this.#limits.delete(key);
  }

  #limitsOf(key: string, config: LimitsConfig): Limits {
    const known = this.#limits.get(key);
    if (known !== undefined) return known;
    const fresh = createLimits(config);
    this.#limits.set(key, fresh);
    return fresh;
  }
}

export class PermitAccount {
  readonly #limitsOf: (key: string, config: LimitsConfig) => Limits;
  readonly #held = new Map<number, () => void>();
  #isClosed = false;

  constructor(limitsOf: (key: string, config: LimitsConfig) => Limits) {
    this.#limitsOf = limitsOf;
  }

  /** False: a limit is reached and stays so for longer than a client waits. */
  async take({ request, key, config, client, domain }: PermitRequest): Promise<boolean> {
    let release: () => void;
    try {
      release = await this.#limitsOf(key, config).take(client, domain);
    } catch {
      return false;
    }
    if (this.#isClosed) release();
    else this.#held.set(request, release);
    return true;
  }

  release(request: number): void {
    this.#held.get(request)?.();
    this.#held.delete(request);
  }

  /** The worker is gone. */
  close(): void {
    this.#isClosed = true;
    for (const release of this.#held.values()) release();
    this.#held.clear();
  }
}
