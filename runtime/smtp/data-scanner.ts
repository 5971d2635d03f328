/** More of the data must come. */
export const dataGoesOn = -1;
/** A line is over the limit; nothing after it can be read in step. */
export const lineTooLong = -2;

const dot = Buffer.from('.');
const dotCr = Buffer.from('.\r');

/** Gets a piece of the content as it came. `text` has one character for each of its bytes, and may go on behind it. */
export type TakePiece = (piece: Buffer, text: string) => void;

/**
 * Finds the end of what follows DATA: CRLF `.` CRLF and nothing else (RFC 5321 4.1.1.4). A bare CR or LF around the dot
 * ends nothing, or one message could be smuggled inside another.
 */
export class DataScanner {
  readonly #lineLimit: number;
  /** Bytes of the line so far, the LF before it included (runtime-core 5.2). */
  #lineLength = 1;
  #atLineStart = true;
  /** A `.` or `.` CR at a line's start that ended the last chunk: the end, or the client's stuffing. */
  #held: '' | '.' | '.\r' = '';
  #endedWithCr = false;
  #dots = 0;
  #bareLineEnds = false;

  /** `lineLimit`: Infinity for none. */
  constructor(lineLimit: number) {
    this.#lineLimit = lineLimit;
  }

  /** Dots that the client added, in all that was taken so far. */
  get dots(): number {
    return this.#dots;
  }

  get bareLineEnds(): boolean {
    return this.#bareLineEnds;
  }

  /**
   * Reads `chunk` from `start` and gives the content in it to `take`, as it came. Returns the index behind the end of
   * the data, or `dataGoesOn`, or `lineTooLong`.
   */
  scan(chunk: Buffer, start: number, take: TakePiece): number {
    const text = chunk.toString('latin1', start);
    const heldEnd = this.#resolveHeld(text, take);
    if (heldEnd !== null) return heldEnd === dataGoesOn ? dataGoesOn : start + heldEnd;
    let at = 0;
    for (;;) {
      if (this.#atLineStart && text.charCodeAt(at) === 0x2e) {
        const rest = text.length - at;
        if (text.startsWith('\r\n', at + 1)) return this.#end(chunk, start, text, at, take);
        if (rest === 1 || (rest === 2 && text.charCodeAt(at + 1) === 0x0d)) {
          this.#held = rest === 1 ? '.' : '.\r';
          this.#take(chunk, start, text, at, take);
          return dataGoesOn;
        }
        this.#dots++;
      }
      const lineFeed = text.indexOf('\n', at);
      const lineEnd = lineFeed === -1 ? text.length : lineFeed;
      if (this.#lineLength + lineEnd - at > this.#lineLimit) return lineTooLong;
      if (lineFeed === -1) {
        this.#lineLength += lineEnd - at;
        if (lineEnd > at) this.#atLineStart = false;
        this.#take(chunk, start, text, text.length, take);
        return dataGoesOn;
      }
      const crlf = lineFeed === 0 ? this.#endedWithCr : text.charCodeAt(lineFeed - 1) === 0x0d;
      if (!crlf) this.#bareLineEnds = true;
      this.#atLineStart = crlf;
      this.#lineLength = 1;
      at = lineFeed + 1;
    }
  }

  /** What a held dot turns out to be; null when `text` is to be read from its start. */
  #resolveHeld(text: string, take: TakePiece): number | null {
    if (this.#held === '') return null;
    const rest = this.#held === '.' ? '\r\n' : '\n';
    if (text.startsWith(rest)) return rest.length;
    if (this.#held === '.' && text === '\r') {
      this.#held = '.\r';
      return dataGoesOn;
    }
    this.#dots++;
    this.#lineLength += this.#held.length;
    this.#atLineStart = false;
    this.#endedWithCr = this.#held === '.\r';
    take(this.#held === '.' ? dot : dotCr, this.#held);
    this.#held = '';
    return null;
  }

  #end(chunk: Buffer, start: number, text: string, at: number, take: TakePiece): number {
    this.#take(chunk, start, text, at, take);
    return start + at + 3;
  }

  #take(chunk: Buffer, start: number, text: string, length: number, take: TakePiece): void {
    if (length === 0) return;
    if (this.#endedWithCr && text.charCodeAt(0) !== 0x0a) this.#bareLineEnds = true;
    if (!this.#bareLineEnds && hasBareCr(text, length - 1)) this.#bareLineEnds = true;
    this.#endedWithCr = text.charCodeAt(length - 1) === 0x0d;
    take(chunk.subarray(start, start + length), text);
  }
}

/** Whether a CR before index `end` has no LF behind it. (Searching is several times faster than a RegExp here.) */
function hasBareCr(text: string, end: number): boolean {
  for (let at = text.indexOf('\r'); at !== -1 && at < end; at = text.indexOf('\r', at + 2)) {
    if (text.charCodeAt(at + 1) !== 0x0a) return true;
  }
  return false;
}
