import type { MessageBody } from '../module.ts';
import type { BodyBuffer } from './body-buffer.ts';
import { LineEndRepair, transformChunks, Unstuffing } from './line-forms.ts';

/** How the bytes in the buffer are to be read. */
export interface BodyForm {
  /** From DATA: dot-stuffed, with this many dots added by the client. From BDAT: null, bytes are as they are. */
  readonly stuffing: { readonly dots: number; readonly startsAfterCrlf: boolean } | null;
  /** Whether all line ends of header and body are CRLF, the last one included. */
  readonly crlfOnly: boolean;
}

/** The body of a message that a client sent, kept as it came; other forms are made while it is read. */
export function receivedBody(buffer: BodyBuffer, form: BodyForm): MessageBody {
  if (!form.crlfOnly) return new UnsoundBody(buffer, form);
  return form.stuffing === null ? new ReceivedBody(buffer, form) : new StuffedBody(buffer, form);
}

class ReceivedBody implements MessageBody {
  readonly size: number;
  protected readonly buffer: BodyBuffer;
  readonly #form: BodyForm;

  constructor(buffer: BodyBuffer, form: BodyForm) {
    this.size = buffer.length - (form.stuffing?.dots ?? 0);
    this.buffer = buffer;
    this.#form = form;
  }

  chunks(): Iterable<Buffer> {
    return this.#plain(this.buffer.chunks());
  }

  passingChunks(): Iterable<Buffer> {
    return this.#plain(this.buffer.passingChunks());
  }

  #plain(chunks: Iterable<Buffer>): Iterable<Buffer> {
    const { stuffing } = this.#form;
    return stuffing === null || stuffing.dots === 0
      ? chunks
      : transformChunks(chunks, new Unstuffing(stuffing.startsAfterCrlf));
  }
}

/** As DATA brought it: it can be sent on as it is. */
class StuffedBody extends ReceivedBody {
  wireChunks(): Iterable<Buffer> {
    return this.buffer.chunks();
  }
}

class UnsoundBody extends ReceivedBody {
  readonly repaired: MessageBody = {
    size: byteLength(repair(this.passingChunks())),
    chunks: () => repair(this.chunks()),
    passingChunks: () => repair(this.passingChunks()),
  };
}

function repair(chunks: Iterable<Buffer>): Iterable<Buffer> {
  return transformChunks(chunks, new LineEndRepair());
}

function byteLength(chunks: Iterable<Buffer>): number {
  let length = 0;
  for (const chunk of chunks) length += chunk.length;
  return length;
}
