import { isAscii } from '../../compiler/text/ascii.ts';
import { ReplyError } from '../module.ts';

/** A reply of another server. */
export interface ServerReply {
  readonly code: number;
  /** Texts behind the code; at least one. */
  readonly lines: readonly string[];
}

/** What came is no reply: the connection is of no use any more. */
export class MalformedReply extends Error {}

const longestLine = 8192;
const mostLines = 1000;

/** Reads replies out of chunks as they come. */
export class ReplyParser {
  #open = '';
  #lines: string[] = [];
  #code = 0;

  /** Whether a reply has begun and not ended. */
  get isInReply(): boolean {
    return this.#open !== '' || this.#lines.length > 0;
  }

  /** Adds to `replies` what the first `length` bytes of the chunk complete, in order. Throws MalformedReply behind what was well. */
  read(replies: ServerReply[], chunk: Buffer, length = chunk.length): void {
    // One character a byte: a chunk may end inside of a UTF-8 sequence.
    const text = this.#open + chunk.toString('latin1', 0, length);
    const hasWideBytes = !isAscii(text);
    let start = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      const reply = this.#readLine(text, start, text.charCodeAt(end - 1) === 0x0d ? end - 1 : end, hasWideBytes);
      if (reply !== null) replies.push(reply);
      start = end + 1;
    }
    this.#open = text.slice(start);
    if (this.#open.length > longestLine) throw new MalformedReply('a line of the reply is too long');
  }

  /** The line of `text` from `start` to `end`. */
  #readLine(text: string, start: number, end: number, hasWideBytes: boolean): ServerReply | null {
    const code = replyCode(text, start);
    const separator = start + 3 < end ? text.charAt(start + 3) : '';
    const isSeparator = separator === ' ' || separator === '-' || separator === '';
    if (code === null || end - start > longestLine || !isSeparator) {
      throw new MalformedReply('not a reply of SMTP');
    }
    if (this.#lines.length === 0) this.#code = code;
    else if (code !== this.#code) throw new MalformedReply('lines of one reply have different codes');
    const said = text.slice(start + 4, end);
    this.#lines.push(hasWideBytes ? Buffer.from(said, 'latin1').toString('utf8') : said);
    if (this.#lines.length > mostLines) throw new MalformedReply('the reply has too many lines');
    if (separator === '-') return null;
    const reply = { code, lines: this.#lines };
    this.#lines = [];
    return reply;
  }
}

/** The three digits at `start`; null where no code of SMTP begins. */
function replyCode(text: string, start: number): number | null {
  const first = digitAt(text, start);
  const code = first * 100 + digitAt(text, start + 1) * 10 + digitAt(text, start + 2);
  return first >= 2 && first <= 5 && !Number.isNaN(code) ? code : null;
}

function digitAt(text: string, at: number): number {
  const digit = text.charCodeAt(at) - 0x30;
  return digit >= 0 && digit <= 9 ? digit : Number.NaN;
}

export function isPositive(reply: ServerReply): boolean {
  return reply.code >= 200 && reply.code < 300;
}

/** First line of the text, without its enhanced code. */
export function replyText(reply: ServerReply): string {
  return firstLine(reply).text;
}

/** What another server has said no with. */
export class Refusal extends ReplyError {}

/** The server's refusal as our own client gets it: its code, its enhanced code, the first line of its text (D1, D3). */
export function refusalOf(reply: ServerReply, server: string): Refusal {
  const { text, enhanced } = firstLine(reply);
  const fields = { remote_server: server };
  if (reply.code >= 400) return new Refusal({ code: reply.code, enhanced, text }, fields);
  const unexpected = `Unexpected reply of the next server: ${reply.code} ${text}`;
  return new Refusal({ code: 451, enhanced: '4.5.0', text: unexpected }, fields);
}

function firstLine({ code, lines }: ServerReply): { readonly enhanced: string; readonly text: string } {
  const [first = ''] = lines;
  const enhanced = /^[245]\.[0-9]{1,3}\.[0-9]{1,3}(?= |$)/.exec(first)?.[0];
  if (enhanced === undefined) return { enhanced: `${Math.floor(code / 100)}.0.0`, text: first };
  return { enhanced, text: first.slice(enhanced.length + 1) };
}
