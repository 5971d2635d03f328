/** A line has more bytes than it may have. */
export const tooLongLine = Symbol('too long line');

/**
 * Chunks as they came from the socket, read by lines or by pieces. Nothing is searched or copied twice. A chunk may be lent: its
 * memory is somebody else's again after `own`, which copies what has not been read.
 */
export class InputQueue {
  #chunk: Buffer | null = null;
  #isLent = false;
  /** Where it goes on. */
  #at = 0;
  /** Chunks behind it. */
  #later: Buffer[] = [];
  #size = 0;
  /** Beginning of a line whose end has not come. */
  #openLine: Buffer[] = [];
  #openLength = 0;

  /** Bytes not yet read, without the beginning of an open line. */
  get size(): number {
    return this.#size;
  }

  push(chunk: Buffer, isLent: boolean): void {
    if (chunk.length === 0) return;
    if (this.#chunk === null) {
      this.#chunk = chunk;
      this.#isLent = isLent;
    } else this.#later.push(isLent ? copyOf(chunk) : chunk);
    this.#size += chunk.length;
  }

  /** From now on all chunks stay what they are. */
  own(): void {
    if (!this.#isLent) return;
    this.#isLent = false;
    if (this.#chunk === null) return;
    this.#chunk = copyOf(this.#chunk.subarray(this.#at));
    this.#at = 0;
  }

  clear(): void {
    this.#chunk = null;
    this.#at = 0;
    this.#later = [];
    this.#size = 0;
    this.#openLine = [];
    this.#openLength = 0;
  }

  /** The first chunk that is not read to its end, with the place where it goes on. */
  get chunk(): Buffer | null {
    return this.#chunk;
  }

  get at(): number {
    return this.#at;
  }

  /** Reading goes on at index `next` of the current chunk. */
  advance(next: number): void {
    this.#size -= next - this.#at;
    this.#at = next;
    if (this.#chunk !== null && next < this.#chunk.length) return;
    this.#chunk = this.#later.length === 0 ? null : (this.#later.shift() ?? null);
    this.#isLent = false;
    this.#at = 0;
  }

  /** The text of the next line without its end; null while it is open, `tooLongLine` once it has more than `limit` bytes before the LF. */
  readLine(limit: number): string | typeof tooLongLine | null {
    for (let chunk = this.#chunk; chunk !== null; chunk = this.#chunk) {
      const start = this.#at;
      const lineFeed = chunk.indexOf(0x0a, start);
      const end = lineFeed === -1 ? chunk.length : lineFeed;
      if (this.#openLength + end - start > limit) return tooLongLine;
      if (lineFeed !== -1) {
        this.advance(end + 1);
        return this.#openLine.length === 0 ? textOf(chunk, start, end) : this.#closeLine(chunk.subarray(start, end));
      }
      const beginning = chunk.subarray(start);
      this.#openLine.push(this.#isLent ? copyOf(beginning) : beginning);
      this.#openLength += end - start;
      this.advance(end);
    }
    return null;
  }

  #closeLine(last: Buffer): string {
    const line = Buffer.concat([...this.#openLine, last]);
    this.#openLine = [];
    this.#openLength = 0;
    return textOf(line, 0, line.length);
  }
}

/** From this size on a copy may share a page of Node's pool. */
const largePiece = 1024;

/** With memory of its own, if small: a few bytes that wait for the rest of their line must not hold a page of Node's pool. */
function copyOf(bytes: Buffer): Buffer {
  const copy = bytes.length < largePiece ? Buffer.allocUnsafeSlow(bytes.length) : Buffer.allocUnsafe(bytes.length);
  bytes.copy(copy);
  return copy;
}

/** Of a line that ends with LF or CRLF at `end`. */
function textOf(bytes: Buffer, start: number, end: number): string {
  return bytes.toString('utf8', start, end > start && bytes[end - 1] === 0x0d ? end - 1 : end);
}
