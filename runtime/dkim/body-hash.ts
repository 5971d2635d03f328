import { createHash } from 'node:crypto';
import type { MessageBody } from '../module.ts';
import type { Canonicalization } from './canonical-header.ts';

const cr = 0x0d;
const lf = 0x0a;
const blank = 0x20;
const tab = 0x09;

const lineEndsAtOnce = 512;
const lineEnds = Buffer.from('\r\n'.repeat(lineEndsAtOnce));

/**
 * SHA-256 of a body in its canonical form (RFC 6376 section 3.4.3, 3.4.4), taken piece by piece. A bare LF ends a line as CRLF
 * does, a bare CR is content.
 */
export class BodyHash {
  readonly #hash = createHash('sha256');
  readonly #relaxed: boolean;
  /** Line ends count only when something follows them, blanks when it does so on their line. */
  #lineEnds = 0;
  #blank = false;
  #carriageReturn = false;
  #empty = true;
  #out = Buffer.alloc(0);
  #length = 0;

  constructor(canonicalization: Canonicalization) {
    this.#relaxed = canonicalization === 'relaxed';
  }

  update(piece: Buffer): void {
    // A bare LF is written as two bytes; and something may have been left from the piece before.
    if (this.#out.length < piece.length * 2 + 4) this.#out = Buffer.allocUnsafeSlow(piece.length * 2 + 4);
    this.#length = 0;
    for (let at = 0; at < piece.length; at++) {
      const byte = piece[at] ?? 0;
      if (byte === lf) {
        this.#carriageReturn = false;
        this.#blank = false;
        this.#lineEnds++;
        continue;
      }
      if (this.#carriageReturn) {
        this.#carriageReturn = false;
        this.#write(cr);
      }
      if (byte === cr) this.#carriageReturn = true;
      else if (this.#relaxed && (byte === blank || byte === tab)) this.#blank = true;
      else this.#write(byte);
    }
    this.#flush();
  }

  #write(byte: number): void {
    if (this.#lineEnds > 0) this.#writeLineEnds();
    if (this.#blank) {
      this.#out[this.#length++] = blank;
      this.#blank = false;
    }
    this.#out[this.#length++] = byte;
  }

  #writeLineEnds(): void {
    if (this.#lineEnds === 1) {
      this.#out[this.#length++] = cr;
      this.#out[this.#length++] = lf;
    } else {
      this.#flush();
      this.#empty = false;
      for (let left = this.#lineEnds; left > 0; left -= lineEndsAtOnce) {
        this.#hash.update(lineEnds.subarray(0, 2 * Math.min(left, lineEndsAtOnce)));
      }
    }
    this.#lineEnds = 0;
  }

  #flush(): void {
    if (this.#length === 0) return;
    this.#hash.update(this.#out.subarray(0, this.#length));
    this.#length = 0;
    this.#empty = false;
  }

  digest(): Buffer {
    if (this.#carriageReturn) {
      this.#write(cr);
      this.#flush();
    }
    if (!this.#relaxed || !this.#empty) this.#hash.update('\r\n');
    return this.#hash.digest();
  }
}

/** So much is hashed before others get their turn. */
const bytesInOneTurn = 1 << 20;

/** Reads a body once for all canonicalizations that are asked for. */
export async function hashBody(
  body: MessageBody,
  canonicalizations: ReadonlySet<Canonicalization>,
): Promise<ReadonlyMap<Canonicalization, Buffer>> {
  const hashes = new Map([...canonicalizations].map((each) => [each, new BodyHash(each)]));
  if (hashes.size === 0) return new Map();
  let sinceTurn = 0;
  for await (const piece of body.chunks()) {
    for (const hash of hashes.values()) hash.update(piece);
    sinceTurn += piece.length;
    if (sinceTurn < bytesInOneTurn) continue;
    sinceTurn = 0;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return new Map([...hashes].map(([canonicalization, hash]) => [canonicalization, hash.digest()]));
}
