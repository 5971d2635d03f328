import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type KeptPolicy, readKeptPolicy, writeKeptPolicy } from './kept-policy.ts';

/** Policies between messages, by domain in A-labels. */
export interface PolicyCache {
  load(domain: string): Promise<KeptPolicy | null>;
  store(domain: string, kept: KeptPolicy): Promise<void>;
  domains(): Promise<readonly string[]>;
}

const mostInMemory = 10_000;

/** `cache ram`: of too many the one that was fetched first is forgotten. */
export class MemoryCache implements PolicyCache {
  readonly #kept = new Map<string, KeptPolicy>();

  async load(domain: string): Promise<KeptPolicy | null> {
    return this.#kept.get(domain) ?? null;
  }

  async store(domain: string, kept: KeptPolicy): Promise<void> {
    this.#kept.delete(domain);
    this.#kept.set(domain, kept);
    for (const [oldest] of this.#kept) {
      if (this.#kept.size <= mostInMemory) break;
      this.#kept.delete(oldest);
    }
  }

  async domains(): Promise<readonly string[]> {
    return [...this.#kept.keys()];
  }
}

const hostName = /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/;

/** `cache fs`: a file for each domain. */
export class DirectoryCache implements PolicyCache {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async load(domain: string): Promise<KeptPolicy | null> {
    if (!hostName.test(domain)) return null;
    return readFile(join(this.#directory, domain), 'utf8').then(readKeptPolicy, () => null);
  }

  async store(domain: string, kept: KeptPolicy): Promise<void> {
    if (!hostName.test(domain)) return;
    await mkdir(this.#directory, { recursive: true });
    // Several processes may write it at once, and none may read a half.
    const half = join(this.#directory, `.${domain}.${process.pid}`);
    await writeFile(half, writeKeptPolicy(kept));
    await rename(half, join(this.#directory, domain));
  }

  async domains(): Promise<readonly string[]> {
    const names = await readdir(this.#directory).catch(() => []);
    return names.filter((name) => hostName.test(name));
  }
}
