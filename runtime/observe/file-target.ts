import { closeSync, openSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { reasonOf } from '../reason-of.ts';
import type { LogTarget } from './targets.ts';

/** Bytes. The longest line is shorter (`line.ts`), three times over. */
const roomForLines = 256 * 1024;

/** A file is written at once: the page cache takes a batch in microseconds, and rotation needs no order of writes under way. */
export class FileTarget implements LogTarget {
  readonly timestamps = true;
  readonly #path: string;
  #fd: number | null;
  /** Lines that have not been written yet, as far as `#length`. Made when the first one comes. */
  #kept: Buffer | null = null;
  #length = 0;

  constructor(path: string) {
    // The server changes its directory later; the file stays where it was meant.
    this.#path = resolve(path);
    this.#fd = openAppending(this.#path);
  }

  append(line: string): void {
    // A unit takes three bytes at most.
    const most = line.length * 3;
    if (this.#length + most > roomForLines) this.writeNow();
    if (most > roomForLines) {
      this.#write(Buffer.from(line));
      return;
    }
    // At once, while the pieces of the line are at hand.
    this.#kept ??= Buffer.allocUnsafeSlow(roomForLines);
    this.#length += this.#kept.write(line, this.#length);
  }

  write(): void {
    this.writeNow();
  }

  writeNow(): void {
    const kept = this.#kept?.subarray(0, this.#length);
    this.#length = 0;
    if (kept !== undefined) this.#write(kept);
  }

  #write(bytes: Buffer): void {
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
