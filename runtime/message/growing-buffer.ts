const firstCapacity = 4096;

/** Bytes that come in pieces of any size; appending costs amortised constant time per byte. */
export class GrowingBuffer {
  #bytes: Buffer | null = null;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  append(piece: Buffer): void {
    const length = this.#length + piece.length;
    if (this.#bytes === null || length > this.#bytes.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(firstCapacity, length, (this.#bytes?.length ?? 0) * 2));
      this.#bytes?.copy(grown, 0, 0, this.#length);
      this.#bytes = grown;
    }
    piece.copy(this.#bytes, this.#length);
    this.#length = length;
  }

  /** What was appended so far; shares memory, valid until the next `append`. */
  view(): Buffer {
    return this.#bytes === null ? Buffer.alloc(0) : this.#bytes.subarray(0, this.#length);
  }
}
