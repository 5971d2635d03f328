/** A line has more bytes than it may have. */
export const tooLongLine = Symbol('too long line');

/** Chunks as they came from the socket, read by lines or by pieces. Nothing is searched or copied twice. */
export class InputQueue {
  #chunk: Buffer | null = null;
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

  push(chunk: Buffer): void {
    if (chunk.length === 0) return;
    if (this.#chunk === null) this.#chunk = chunk;
    else this.#later.push(chunk);
    this.#size += chunk.length;
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
    this.#at = 0;
  }

  /** The text of the next line without its end; null while it is open, `tooLongLine` once it has more than `limit` bytes before the LF. */
  readLine(limit: number): string | typeof tooLongLine | null {
    for (let chunk = this.#chunk; chunk !== null; chunk = this.#chunk) {
      const start = this.#at;
      const lineFeed = chunk.indexOf(0x0a, start);
      const end = lineFeed === -1 ? chunk.length : lineFeed;
      if (this.#openLength + end - start > limit) return tooLongLine;
      this.advance(lineFeed === -1 ? end : end + 1);
      if (lineFeed !== -1) {
        return this.#openLine.length === 0 ? textOf(chunk, start, end) : this.#closeLine(chunk.subarray(start, end));
      }
      this.#openLine.push(chunk.subarray(start));
      this.#openLength += end - start;
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

/** Of a line that ends with LF or CRLF at `end`. */
function textOf(bytes: Buffer, start: number, end: number): string {
  return bytes.toString('utf8', start, end > start && bytes[end - 1] === 0x0d ? end - 1 : end);
}
