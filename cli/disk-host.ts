import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { FileState, Host } from '../compiler/host.ts';
import { stateOfFailure } from '../compiler/source/read-failure.ts';

/** What is not on the disk: `path` is `-`, or the name that was given to standard input. */
export interface GivenFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * The disk as a snapshot: each file is read once, when a stage first asks for it, and stays as it was then. Paths are relative to
 * `directory`.
 */
export class DiskHost implements Host {
  readonly env: ReadonlyMap<string, string>;
  readonly #directory: string;
  readonly #known = new Map<string, FileState>();

  constructor(directory: string, env: Readonly<Record<string, string | undefined>>, given: GivenFile | null = null) {
    this.#directory = directory;
    this.env = new Map(
      Object.entries(env).flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, value]])),
    );
    if (given !== null) this.#known.set(given.path, { kind: 'bytes', bytes: given.bytes });
  }

  /** Every path that was asked for, there or not. */
  get asked(): readonly string[] {
    return [...this.#known.keys()];
  }

  read(path: string): FileState {
    const known = this.#known.get(path) ?? readState(resolve(this.#directory, path));
    this.#known.set(path, known);
    return known;
  }
}

function readState(path: string): FileState {
  try {
    const bytes = readFileSync(path);
    // Node decodes much faster than the reader, which has to be able to give back what is no UTF-8.
    return isUtf8(bytes) ? { kind: 'text', text: bytes.toString('utf8') } : { kind: 'bytes', bytes };
  } catch (error) {
    return stateOfFailure(error);
  }
}
