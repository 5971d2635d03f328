import type { MessageBody } from '../module.ts';
import type { BodyBuffer } from './body-buffer.ts';
import { type ChunkTransform, LineEndRepair, transformChunks, Unstuffing } from './line-forms.ts';

/** How the bytes in the buffer are to be read. */
export interface BodyForm {
  /** From DATA: dot-stuffed, with this many dots added by the client. From BDAT: null, bytes are as they are. */
  readonly stuffing: { readonly dots: number; readonly startsAfterCrlf: boolean } | null;
  /** Whether all line ends of header and body are CRLF, the last one included. */
  readonly crlfOnly: boolean;
}

/** The body of a message that a client sent, kept as it came; other forms are made while it is read. */
export function receivedBody(buffer: BodyBuffer, form: BodyForm): MessageBody {
  const { stuffing } = form;
  const unstuffing = (): ChunkTransform[] =>
    stuffing === null || stuffing.dots === 0 ? [] : [new Unstuffing(stuffing.startsAfterCrlf)];
  const read = (chunks: Iterable<Buffer>, ...more: ChunkTransform[]): Iterable<Buffer> =>
    transformChunks(chunks, ...unstuffing(), ...more);
  const body = {
    size: buffer.length - (stuffing?.dots ?? 0),
    chunks: () => read(buffer.chunks()),
    passingChunks: () => read(buffer.passingChunks()),
  };
  if (!form.crlfOnly) {
    const passingChunks = (): Iterable<Buffer> => read(buffer.passingChunks(), new LineEndRepair());
    const chunks = (): Iterable<Buffer> => read(buffer.chunks(), new LineEndRepair());
    return { ...body, repaired: { size: byteLength(passingChunks()), chunks, passingChunks } };
  }
  return stuffing === null ? body : { ...body, wireChunks: () => buffer.chunks() };
}

function byteLength(chunks: Iterable<Buffer>): number {
  let length = 0;
  for (const chunk of chunks) length += chunk.length;
  return length;
}
