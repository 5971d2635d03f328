import { isAscii } from '../../compiler/text/ascii.ts';
import { ReplyError } from '../module.ts';

/** A reply of another server. */
export interface ServerReply {
  readonly code: number;
  /** Null when the server gives none. */
  readonly enhanced: string | null;
  /** Without code and enhanced code; at least one. */
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
  #enhanced: string | null = null;

  /** Whether a reply has begun and not ended. */
  get isInReply(): boolean {
    return this.#open !== '' || this.#lines.length > 0;
  }

  /** Complete replies, in order. Throws MalformedReply. */
  push(chunk: Buffer): ServerReply[] {
    const replies: ServerReply[] = [];
    // One character a byte: a chunk may end inside of a UTF-8 sequence.
    const lines = (this.#open + chunk.toString('latin1')).split('\n');
    this.#open = lines.pop() ?? '';
    for (const line of lines) {
      const reply = this.#readLine(line.endsWith('\r') ? line.slice(0, -1) : line);
      if (reply !== null) replies.push(reply);
    }
    if (this.#open.length > longestLine) throw new MalformedReply('a line of the reply is too long');
    return replies;
  }

  #readLine(line: string): ServerReply | null {
    const match = /^([2-5][0-9]{2})(?:([ -])(.*))?$/s.exec(line);
    if (match === null || line.length > longestLine) throw new MalformedReply('not a reply of SMTP');
    const [, codeText, separator = ' ', rest = ''] = match;
    const code = Number(codeText);
    if (this.#lines.length === 0) {
      this.#code = code;
      this.#enhanced = null;
    } else if (code !== this.#code) throw new MalformedReply('lines of one reply have different codes');
    const enhanced = /^([245]\.[0-9]{1,3}\.[0-9]{1,3})(?: |$)/.exec(rest)?.[1];
    if (enhanced !== undefined) this.#enhanced ??= enhanced;
    const text = enhanced === undefined ? rest : rest.slice(enhanced.length + 1);
    this.#lines.push(isAscii(text) ? text : Buffer.from(text, 'latin1').toString('utf8'));
    if (this.#lines.length > mostLines) throw new MalformedReply('the reply has too many lines');
    if (separator === '-') return null;
    const reply = { code, enhanced: this.#enhanced, lines: this.#lines };
    this.#lines = [];
    return reply;
  }
}

export function isPositive(reply: ServerReply): boolean {
  return reply.code >= 200 && reply.code < 300;
}

/** The server's refusal as our own client gets it: its code, its enhanced code, the first line of its text (D1, D3). */
export function refusalOf(reply: ServerReply, server: string): ReplyError {
  const [first = ''] = reply.lines;
  const fields = { remote_server: server };
  if (reply.code < 400) {
    const text = `Unexpected reply of the next server: ${reply.code} ${first}`;
    return new ReplyError({ code: 451, enhanced: '4.5.0', text }, fields);
  }
  const enhanced = reply.enhanced ?? `${Math.floor(reply.code / 100)}.0.0`;
  return new ReplyError({ code: reply.code, enhanced, text: first }, fields);
}
