import { createHash } from 'node:crypto';
import { hasBareLineEnds } from '../message/line-forms.ts';
import type { MessageBody } from '../module.ts';
import type { Canonicalization } from './canonical-header.ts';

const cr = 0x0d;
const lf = 0x0a;
const blank = 0x20;
const tab = 0x09;

/** Small enough for Node's pool of buffers: memory of its own for each message costs more than the work. */
const sliceSize = 2_000;
/** A bare LF is written as two bytes; and something may have been held from the slice before. */
const mostWritten = 2 * sliceSize + 4;

const lineEndsAtOnce = 512;
const lineEnds = Buffer.from('\r\n'.repeat(lineEndsAtOnce));

/**
 * SHA-256 of a body in its canonical form (RFC 6376 section 3.4.3, 3.4.4), taken piece by piece. A bare LF ends a line as CRLF
 * does, a bare CR is content.
 */
export class BodyHash {
  readonly #hash = createHash('sha256');
  readonly #relaxed: boolean;
  /** Until something follows: line ends count only then, blanks when it does so on their line. */
  #held = { ends: 0, blank: false, carriageReturn: false };
  #empty = true;
  #out: Buffer | null = null;

  constructor(canonicalization: Canonicalization) {
    this.#relaxed = canonicalization === 'relaxed';
  }

  update(piece: Buffer): void {
    if (this.#relaxed || this.#held.carriageReturn || hasBareLineEnds(piece.toString('latin1'))) {
      for (let at = 0; at < piece.length; at += sliceSize) this.#updateByBytes(piece.subarray(at, at + sliceSize));
    } else this.#updateAsItIs(piece);
  }

  /** In the simple form nothing changes but line ends at the very end. */
  #updateAsItIs(piece: Buffer): void {
    const held = this.#held;
    let end = piece.length;
    while (end >= 2 && piece[end - 1] === lf) end -= 2;
    if (end > 0) {
      this.#hashLineEnds(held.ends);
      this.#hashBytes(piece.subarray(0, end));
      held.ends = 0;
    }
    held.ends += (piece.length - end) / 2;
  }

  /** One loop over local variables: it is all that such a piece costs beside its hash. */
  #updateByBytes(piece: Buffer): void {
    this.#out ??= Buffer.allocUnsafe(mostWritten);
    const out = this.#out;
    const relaxed = this.#relaxed;
    let length = 0;
    let { ends, blank: heldBlank, carriageReturn: heldCr } = this.#held;
    const { length: size } = piece;
    for (let at = 0; at < size; at++) {
      const byte = piece[at] ?? 0;
      // Nearly all of them.
      if (byte > blank && ends === 0 && !heldBlank && !heldCr) {
        out[length++] = byte;
        continue;
      }
      if (byte === lf) {
        heldCr = false;
        heldBlank = false;
        ends++;
        continue;
      }
      const becomesBlank = relaxed && (byte === blank || byte === tab);
      const isContent = byte !== cr && !becomesBlank;
      if ((isContent || heldCr) && (heldCr || heldBlank || ends > 0)) {
        if (ends === 1) {
          out[length++] = cr;
          out[length++] = lf;
        } else if (ends > 1) {
          this.#hashBytes(out.subarray(0, length));
          length = 0;
          this.#hashLineEnds(ends);
        }
        ends = 0;
        if (heldBlank) out[length++] = blank;
        heldBlank = false;
        if (heldCr) out[length++] = cr;
        heldCr = false;
      }
      if (isContent) out[length++] = byte;
      else if (becomesBlank) heldBlank = true;
      else heldCr = true;
    }
    this.#hashBytes(out.subarray(0, length));
    this.#held = { ends, blank: heldBlank, carriageReturn: heldCr };
  }

  #hashLineEnds(count: number): void {
    for (let left = count; left > 0; left -= lineEndsAtOnce) {
      this.#hashBytes(lineEnds.subarray(0, 2 * Math.min(left, lineEndsAtOnce)));
    }
  }

  #hashBytes(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#hash.update(bytes);
    this.#empty = false;
  }

  digest(): Buffer {
    const { ends, blank: heldBlank, carriageReturn } = this.#held;
    if (carriageReturn) {
      this.#hashLineEnds(ends);
      this.#hashBytes(Buffer.from(heldBlank ? ' \r' : '\r'));
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
  for await (const piece of body.passingChunks?.() ?? body.chunks()) {
    for (const hash of hashes.values()) hash.update(piece);
    sinceTurn += piece.length;
    if (sinceTurn < bytesInOneTurn) continue;
    sinceTurn = 0;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return new Map([...hashes].map(([canonicalization, hash]) => [canonicalization, hash.digest()]));
}
