/** Chunks as they came from the socket, read by lines or by pieces. Nothing is searched or copied twice. */
export class InputQueue {
  #chunks: Buffer[] = [];
  /** Where the first chunk goes on. */
  #at = 0;
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
    this.#chunks.push(chunk);
    this.#size += chunk.length;
  }

  clear(): void {
    this.#chunks = [];
    this.#at = 0;
    this.#size = 0;
    this.#openLine = [];
    this.#openLength = 0;
  }

  /** The first chunk that is not read to its end, with the place where it goes on. */
  get chunk(): Buffer | null {
    return this.#chunks[0] ?? null;
  }

  get at(): number {
    return this.#at;
  }

  /** Reading goes on at index `next` of the current chunk. */
  advance(next: number): void {
    this.#size -= next - this.#at;
    this.#at = next;
    if (next >= (this.#chunks[0]?.length ?? 0)) {
      this.#chunks.shift();
      this.#at = 0;
    }
  }

  /** The next line with its LF, null while it is open, `too long` once it has more than `limit` bytes before the LF. */
  readLine(limit: number): Buffer | 'too long' | null {
    for (let chunk = this.chunk; chunk !== null; chunk = this.chunk) {
      const lineFeed = chunk.indexOf(0x0a, this.#at);
      const end = lineFeed === -1 ? chunk.length : lineFeed;
      if (this.#openLength + end - this.#at > limit) return 'too long';
      const piece = chunk.subarray(this.#at, lineFeed === -1 ? end : end + 1);
      this.advance(this.#at + piece.length);
      if (lineFeed !== -1) return this.#closeLine(piece);
      this.#openLine.push(piece);
      this.#openLength += piece.length;
    }
    return null;
  }

  #closeLine(last: Buffer): Buffer {
    if (this.#openLine.length === 0) return last;
    const line = Buffer.concat([...this.#openLine, last]);
    this.#openLine = [];
    this.#openLength = 0;
    return line;
  }
}
