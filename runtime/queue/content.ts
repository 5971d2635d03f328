import { emptyHeader, parseHeader } from '../message/header.ts';
import type { MessageBody, MessageHeader } from '../module.ts';

/** A header as it was stored. */
export function headerOf(bytes: Buffer): MessageHeader {
  const parsed = parseHeader(bytes);
  if (!('fault' in parsed)) return parsed;
  // It was accepted as it is, and must leave as it is.
  const header = emptyHeader();
  header.prependRaw(bytes);
  return header;
}

export function bodyOf(pieces: readonly Buffer[]): MessageBody {
  return { size: pieces.reduce((size, piece) => size + piece.length, 0), chunks: () => pieces };
}

/** Largest piece that stores write and read at once. */
export const partSize = 262_144;

/** Header and body as one stream, in parts of `partSize`, the last one shorter. At least one part; each belongs to who takes it. */
export async function* contentParts(header: Buffer, body: MessageBody): AsyncGenerator<Buffer> {
  if (header.length + body.size <= partSize) {
    const pieces = [header];
    for await (const piece of body.chunks()) pieces.push(piece);
    yield Buffer.concat(pieces);
    return;
  }
  let part = Buffer.allocUnsafeSlow(partSize);
  let filled = 0;
  for await (const piece of largeContent(header, body)) {
    for (let at = 0; at < piece.length; ) {
      const copied = piece.copy(part, filled, at);
      at += copied;
      filled += copied;
      if (filled < partSize) continue;
      yield part;
      part = Buffer.allocUnsafeSlow(partSize);
      filled = 0;
    }
  }
  if (filled > 0) yield part.subarray(0, filled);
}

/** Pieces hold their bytes until the next is taken. */
async function* largeContent(header: Buffer, body: MessageBody): AsyncGenerator<Buffer> {
  yield header;
  yield* body.passingChunks?.() ?? body.chunks();
}

/** What `contentParts` gave, from a store: `read` gives part 0, 1 and so on. */
export async function storedContent(
  headerSize: number,
  size: number,
  read: (part: number) => Promise<Buffer>,
): Promise<{ header: Buffer; body: MessageBody }> {
  const parts = Math.max(1, Math.ceil(size / partSize));
  const first: Buffer[] = [];
  let part = 0;
  let have = 0;
  do {
    const bytes = await read(part++);
    first.push(bytes);
    have += bytes.length;
  } while (have < headerSize && part < parts);
  const beginning = first.length === 1 && first[0] !== undefined ? first[0] : Buffer.concat(first);
  const rest = beginning.subarray(headerSize);
  const bodySize = size - headerSize;
  if (part >= parts)
    return { header: beginning.subarray(0, headerSize), body: { size: bodySize, chunks: () => [rest] } };
  const next = part;
  return {
    header: beginning.subarray(0, headerSize),
    body: {
      size: bodySize,
      async *chunks() {
        yield rest;
        for (let at = next; at < parts; at++) yield await read(at);
      },
    },
  };
}
