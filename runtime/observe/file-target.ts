import { closeSync, openSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { reasonOf } from '../reason-of.ts';
import type { LogTarget } from './targets.ts';

/** A file is written at once: the page cache takes a batch in microseconds, and rotation needs no order of writes under way. */
export class FileTarget implements LogTarget {
  readonly timestamps = true;
  readonly #path: string;
  #fd: number | null;
  #kept: string[] = [];

  constructor(path: string) {
    // The server changes its directory later; the file stays where it was meant.
    this.#path = resolve(path);
    this.#fd = openAppending(this.#path);
  }

  append(line: string): void {
    this.#kept.push(line);
  }

  write(): void {
    this.writeNow();
  }

  writeNow(): void {
    const bytes = Buffer.from(this.#kept.join(''));
    this.#kept = [];
    if (this.#fd === null) return;
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#fd, bytes, at);
    } catch (error) {
      writeSync(2, `!!! Failed to write message to log: ${reasonOf(error)}\n`);
    }
  }

  drain(): Promise<void> {
    this.writeNow();
    return Promise.resolve();
  }

  reopen(): void {
    this.writeNow();
    const fresh = openAppending(this.#path);
    this.close();
    this.#fd = fresh;
  }

  close(): void {
    if (this.#fd !== null) closeSync(this.#fd);
    this.#fd = null;
  }
}

function openAppending(path: string): number {
  return openSync(path, 'a', 0o666);
}
