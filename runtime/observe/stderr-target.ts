import { write, writeSync } from 'node:fs';
import type { LogTarget } from './targets.ts';

const stderr = 2;
/** Kept when the reader is slow; over it writing blocks rather than losing lines. */
const mostKept = 8 * 1024 * 1024;
const retryMilliseconds = 10;
/** So much goes into a pipe in one piece (PIPE_BUF of Linux), whoever else writes to it. */
const pipeBuffer = 4_096;

/** Lines in order, without stopping the event loop when nobody reads the pipe. */
export class StderrTarget implements LogTarget {
  readonly timestamps: boolean;
  readonly #mostAtOnce: number;
  #kept: string[] = [];
  #keptLength = 0;
  /** What is being written; the thread that does it may still be at it. */
  #writing: Buffer | null = null;
  #waiting: (() => void)[] = [];

  /** `isShared`: other processes write there, too. */
  constructor(timestamps: boolean, isShared = false) {
    this.timestamps = timestamps;
    this.#mostAtOnce = isShared ? pipeBuffer : Number.POSITIVE_INFINITY;
  }

  append(line: string): void {
    this.#kept.push(line);
    this.#keptLength += line.length;
    if (this.#keptLength > mostKept) this.writeNow();
  }

  write(): void {
    if (this.#writing !== null || this.#kept.length === 0) return;
    this.#writing = this.#take();
    this.#continue();
  }

  /** Whole lines, as many as may be written at once, but at least one. */
  #take(): Buffer {
    let count = this.#kept.length;
    if (this.#keptLength > this.#mostAtOnce) {
      let bytes = 0;
      const tooMuch = this.#kept.findIndex((line) => {
        bytes += Buffer.byteLength(line);
        return bytes > this.#mostAtOnce;
      });
      if (tooMuch !== -1) count = Math.max(tooMuch, 1);
    }
    const lines = this.#kept.splice(0, count).join('');
    this.#keptLength -= lines.length;
    return Buffer.from(lines);
  }

  #continue(): void {
    const bytes = this.#writing;
    if (bytes === null) return;
    write(stderr, bytes, (error, written) => {
      if (isFull(error)) {
        setTimeout(() => this.#continue(), retryMilliseconds);
        return;
      }
      // A closed stderr has nobody left to tell.
      this.#writing = error === null && written < bytes.length ? bytes.subarray(written) : null;
      if (this.#writing !== null) this.#continue();
      else if (this.#kept.length > 0) this.write();
      else for (const done of this.#waiting.splice(0)) done();
    });
  }

  writeNow(): void {
    while (this.#kept.length > 0) {
      const bytes = this.#take();
      for (let at = 0; at < bytes.length; ) {
        try {
          at += writeSync(stderr, bytes, at);
        } catch (error) {
          if (!isFull(error)) return;
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, retryMilliseconds);
        }
      }
    }
  }

  drain(): Promise<void> {
    if (this.#writing === null && this.#kept.length === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.write();
    });
  }

  reopen(): void {}

  close(): void {
    void this.drain();
  }
}

function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EAGAIN';
}
