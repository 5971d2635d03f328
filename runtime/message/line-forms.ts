/** Rewrites a byte stream piece by piece; what a piece leaves open is decided by the next one or by the end. */
export interface ChunkTransform {
  push(piece: Buffer): Buffer;
  end(): Buffer;
}

export type Chunks = AsyncIterable<Buffer> | Iterable<Buffer>;

const nothing = Buffer.alloc(0);
const carriageReturn = Buffer.from('\r');
const cr = 0x0d;
const lf = 0x0a;
const blank = 0x20;

/** Takes away the dot that a sender puts before each line that begins with one (RFC 5321 4.5.2). */
export class Unstuffing implements ChunkTransform {
  /** What stands before the next piece, as far as it matters. */
  #before: 'CRLF' | 'CR' | 'other';

  constructor(startsAfterCrlf: boolean) {
    this.#before = startsAfterCrlf ? 'CRLF' : 'other';
  }

  push(piece: Buffer): Buffer {
    if (piece.length === 0) return piece;
    const text = piece.toString('latin1');
    let plain = text;
    if (this.#before === 'CRLF' && text.startsWith('.')) plain = text.slice(1);
    else if (this.#before === 'CR' && text.startsWith('\n.')) plain = `\n${text.slice(2)}`;
    if (plain.includes('\r\n.')) plain = plain.replaceAll('\r\n.', '\r\n');
    const ended = text.length > 1 ? text : `${this.#before === 'CR' ? '\r' : ' '}${text}`;
    this.#before = ended.endsWith('\r\n') ? 'CRLF' : ended.endsWith('\r') ? 'CR' : 'other';
    return plain === text ? piece : Buffer.from(plain, 'latin1');
  }

  end(): Buffer {
    return nothing;
  }
}

/** Bare LF becomes CRLF, bare CR a blank, and the last line gets its end (D23). */
export class LineEndRepair implements ChunkTransform {
  /** A CR that ended the last piece is kept until its successor is known. */
  #heldCr = false;
  #atLineStart = true;

  push(piece: Buffer): Buffer {
    if (piece.length === 0) return piece;
    const bytes = this.#heldCr ? Buffer.concat([carriageReturn, piece]) : piece;
    this.#heldCr = bytes.at(-1) === cr;
    const open = this.#heldCr ? bytes.subarray(0, -1) : bytes;
    if (open.length > 0) this.#atLineStart = open.at(-1) === lf;
    return hasBareLineEnds(open.toString('latin1')) ? withCrlfOnly(open) : open;
  }

  end(): Buffer {
    if (this.#heldCr) return Buffer.from(' \r\n');
    return this.#atLineStart ? nothing : Buffer.from('\r\n');
  }
}

/** Byte by byte: a piece that is all line ends must cost no more than any other. */
function withCrlfOnly(piece: Buffer): Buffer {
  const out = Buffer.allocUnsafeSlow(piece.length * 2);
  let length = 0;
  for (let at = 0; at < piece.length; at++) {
    const byte = piece[at] ?? 0;
    if (byte === cr && piece[at + 1] !== lf) out[length++] = blank;
    else if (byte === lf && piece[at - 1] !== cr) {
      out[length++] = cr;
      out[length++] = lf;
    } else out[length++] = byte;
  }
  return out.subarray(0, length);
}

/** Puts a dot before each line that begins with one. Only for bytes whose line ends are repaired. */
export class Stuffing implements ChunkTransform {
  #atLineStart = true;

  push(piece: Buffer): Buffer {
    if (piece.length === 0) return piece;
    const text = piece.toString('latin1');
    const first = this.#atLineStart && text.startsWith('.') ? '.' : '';
    this.#atLineStart = text.endsWith('\n');
    if (first === '' && !text.includes('\n.')) return piece;
    return Buffer.from(first + text.replaceAll('\n.', '\n..'), 'latin1');
  }

  end(): Buffer {
    return nothing;
  }
}

/** True when a CR without LF or an LF without CR stands in `text`, its last character taken as the end. */
export function hasBareLineEnds(text: string): boolean {
  return /\r(?!\n)|(?<!\r)\n/.test(text);
}

export function* transformChunks(source: Iterable<Buffer>, ...transforms: readonly ChunkTransform[]): Iterable<Buffer> {
  for (const piece of source) {
    const out = transforms.reduce((bytes, transform) => transform.push(bytes), piece);
    if (out.length > 0) yield out;
  }
  const last = endOf(transforms);
  if (last.length > 0) yield last;
}

export async function* transformChunksAsync(
  source: AsyncIterable<Buffer>,
  ...transforms: readonly ChunkTransform[]
): AsyncIterable<Buffer> {
  for await (const piece of source) yield transforms.reduce((bytes, transform) => transform.push(bytes), piece);
  yield endOf(transforms);
}

/** What is still held back by each transform, sent through those behind it. */
function endOf(transforms: readonly ChunkTransform[]): Buffer {
  return transforms.reduce((held, transform) => Buffer.concat([transform.push(held), transform.end()]), nothing);
}

/** A body as DATA sends it, without the final dot: CRLF only, dot-stuffed. No bare line end ever leaves here. */
export function wireForm(body: { chunks(): Chunks; readonly wireChunks?: () => Chunks }): Chunks {
  if (body.wireChunks !== undefined) return body.wireChunks();
  const chunks = body.chunks();
  if (Symbol.iterator in chunks) return transformChunks(chunks, new LineEndRepair(), new Stuffing());
  return transformChunksAsync(chunks, new LineEndRepair(), new Stuffing());
}
