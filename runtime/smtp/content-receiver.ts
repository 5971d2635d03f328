import { BodyBuffer, type BufferMode, type MemoryBudget } from '../message/body-buffer.ts';
import { GrowingBuffer } from '../message/growing-buffer.ts';
import { type HeaderFault, parseHeader, readSoundHeader } from '../message/header.ts';
import { hasBareLineEnds, Unstuffing } from '../message/line-forms.ts';
import { receivedBody } from '../message/received-body.ts';
import type { MessageBody, MessageHeader } from '../module.ts';
import { ReplyError } from '../module.ts';
import { asReplyError } from '../reply-error.ts';
import { replies } from './replies.ts';

export interface ContentLimits {
  /** Bytes without stuffing; Infinity for none. */
  readonly maxMessageSize: number;
  readonly maxHeaderSize: number;
}

export interface Content {
  readonly header: MessageHeader;
  readonly body: MessageBody;
}

/** What the reader of the data knows about all of it. */
export interface DataCensus {
  readonly dots: number;
  readonly bareLineEnds: boolean;
}

/**
 * Takes the content of a message as it arrives, header first. After a refusal the rest is counted off and dropped, so
 * that the session stays in step.
 */
export class ContentReceiver {
  readonly #limits: ContentLimits;
  readonly #stuffed: boolean;
  readonly #body: BodyBuffer;
  #inHeader = true;
  /** What has come of a header that did not come in one piece. */
  #headerBytes: GrowingBuffer | null = null;
  #header: MessageHeader | null = null;
  #headerDots = 0;
  #bodyStartsAfterCrlf = true;
  #received = 0;
  #refusal: ReplyError | null = null;
  /** BDAT only: DATA's scanner has looked itself. */
  #bareLineEnds = false;
  #lastByte = 0x0a;

  constructor(limits: ContentLimits, mode: BufferMode, budget: MemoryBudget, stuffed: boolean) {
    this.#limits = limits;
    this.#stuffed = stuffed;
    this.#body = new BodyBuffer(mode, budget);
  }

  get refusal(): ReplyError | null {
    return this.#refusal;
  }

  /** BDAT tells the size of what follows before it comes. */
  hasRoomFor(size: number): boolean {
    return this.#received + size <= this.#limits.maxMessageSize;
  }

  /** `dots`: how many of all bytes so far are stuffing. `text`: as the scanner gives it, null where nobody has made one. */
  write(piece: Buffer, dots: number, text: string | null): void {
    if (this.#refusal !== null || piece.length === 0) return;
    this.#received += piece.length;
    const hasRoom = this.#received - dots <= this.#limits.maxMessageSize;
    // Of two faults the header's is told, however the bytes were divided on their way (runtime-core 6.4).
    if (hasRoom || this.#inHeader) this.#keep(piece, dots, text);
    if (!hasRoom) this.refuse(new ReplyError(replies.messageTooLarge));
  }

  #keep(piece: Buffer, dots: number, text: string | null): void {
    if (!this.#stuffed) this.#look(piece);
    try {
      if (!this.#inHeader) this.#body.append(piece);
      else if (text === null || !this.#takeWholeHeader(piece, dots, text)) this.#gatherHeader(piece, dots > 0);
    } catch (error) {
      this.refuse(storageFailure(error));
    }
  }

  refuse(refusal: ReplyError): void {
    this.#refusal ??= refusal;
    this.discard();
  }

  /** All has arrived. The body lives until `discard`. */
  finish(census: DataCensus): Content | ReplyError {
    if (this.#refusal === null && this.#inHeader)
      this.#readHeader(this.#headerBytes?.view() ?? Buffer.alloc(0), 0, census.dots > 0);
    if (this.#refusal !== null) return this.#refusal;
    if (this.#header === null) throw new Error('content is complete, but its header was not read');
    const ended = this.#stuffed || this.#lastByte === 0x0a;
    const crlfOnly = ended && !(this.#stuffed ? census.bareLineEnds : this.#bareLineEnds);
    const stuffing = { dots: census.dots - this.#headerDots, startsAfterCrlf: this.#bodyStartsAfterCrlf };
    const body = receivedBody(this.#body, { stuffing: this.#stuffed ? stuffing : null, crlfOnly });
    return { header: this.#header, body };
  }

  /** Whether a bare CR or LF stood anywhere in the content. */
  hasBareLineEnds(census: DataCensus): boolean {
    return this.#stuffed ? census.bareLineEnds : this.#bareLineEnds || this.#lastByte === 0x0d;
  }

  discard(): void {
    this.#body.discard();
    this.#headerBytes = null;
  }

  /** Most messages bring their whole header in the first piece, and it is sound: nothing is searched or copied then. */
  #takeWholeHeader(piece: Buffer, dots: number, text: string): boolean {
    if (dots > 0 || this.#headerBytes !== null) return false;
    const found = readSoundHeader(piece, text);
    if (found === null || found.length > this.#limits.maxHeaderSize) return false;
    this.#header = found.header;
    this.#endHeader(piece, found.length);
    return true;
  }

  #gatherHeader(piece: Buffer, hasDots: boolean): void {
    this.#headerBytes ??= new GrowingBuffer();
    const gathered = this.#headerBytes;
    const before = gathered.length;
    gathered.append(piece);
    const bytes = gathered.view();
    const end = headerEnd(bytes, Math.max(0, before - 2));
    if (end === -1) {
      if (bytes.length > this.#limits.maxHeaderSize) this.refuse(new ReplyError(replies.headerTooLarge));
      return;
    }
    const separator = bytes[end - 2] === 0x0d ? 2 : 1;
    this.#readHeader(bytes.subarray(0, end - separator), separator, hasDots);
    if (this.#refusal !== null) return;
    this.#bodyStartsAfterCrlf = separator === 2;
    this.#endHeader(bytes, end);
  }

  #endHeader(bytes: Buffer, end: number): void {
    this.#inHeader = false;
    this.#headerBytes = null;
    if (end < bytes.length) this.#body.append(bytes.subarray(end));
  }

  #readHeader(wire: Buffer, separator: number, hasDots: boolean): void {
    const plain = hasDots ? new Unstuffing(true).push(wire) : wire;
    this.#headerDots = wire.length - plain.length;
    const header = plain.length + separator > this.#limits.maxHeaderSize ? null : parseHeader(plain);
    if (header === null) this.refuse(new ReplyError(replies.headerTooLarge));
    else if ('fault' in header) this.refuse(headerRefusal(header));
    else this.#header = header;
  }

  #look(piece: Buffer): void {
    const text = piece.toString('latin1');
    const joined = this.#lastByte === 0x0d ? `\r${text}` : text;
    // A CR at the end may still get its LF; a message cannot end with it, because `finish` then sees no LF.
    if (!this.#bareLineEnds) this.#bareLineEnds = hasBareLineEnds(joined.endsWith('\r') ? joined.slice(0, -1) : joined);
    this.#lastByte = piece[piece.length - 1] ?? 0x0a;
  }
}

/** Index behind the empty line that closes the header, -1 while there is none. Looks from `from` on. */
function headerEnd(bytes: Buffer, from: number): number {
  if (from === 0) {
    if (bytes[0] === 0x0a) return 1;
    if (bytes[0] === 0x0d && bytes[1] === 0x0a) return 2;
  }
  const crlf = bytes.indexOf(emptyLine, from);
  const bare = (crlf === -1 ? bytes : bytes.subarray(0, crlf + 1)).indexOf(bareEmptyLine, from);
  if (bare !== -1) return bare + 2;
  return crlf === -1 ? -1 : crlf + 3;
}

const emptyLine = Buffer.from('\n\r\n');
const bareEmptyLine = Buffer.from('\n\n');

/** What is no error of the system is a fault of ours, and must not look like a full disk. */
function storageFailure(error: unknown): ReplyError {
  const cause: unknown = error instanceof Error ? (error.cause ?? error) : error;
  const isOfSystem = cause instanceof Error && 'syscall' in cause;
  return isOfSystem ? new ReplyError(replies.noStorage, {}, { cause: error }) : asReplyError(error);
}

function headerRefusal(fault: HeaderFault): ReplyError {
  return new ReplyError(replies.brokenHeader(`line ${fault.line} ${faultTexts[fault.fault]}`));
}

const faultTexts = {
  'starts with a blank': 'continues a field, but there is none before it',
  'line without a colon': 'is neither a field nor the empty line before the body',
  'field name with a forbidden character': 'has a character in its field name that is not allowed there',
} satisfies Record<HeaderFault['fault'], string>;
