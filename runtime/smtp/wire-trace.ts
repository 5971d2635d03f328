import type { Logger } from '../observe/log.ts';

const hidden = '<hidden>';

/** `io_debug`: what goes over the wire, line by line, without passwords. */
export class WireTrace {
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  sent(text: string): void {
    for (const line of text.split('\n')) if (line !== '') this.#log.raw(line);
  }

  /** `isSecret`: a response of an authentication. */
  received(line: string, isSecret: boolean): void {
    const shown = isSecret ? hidden : line.replace(/^(auth[ \t]+\S+[ \t]+).*/i, `$1${hidden}`);
    this.#log.raw(`${shown}\r`);
  }

  content(chunk: Buffer, start: number, end: number): void {
    for (const line of chunk.toString('utf8', start, end).split('\n')) if (line !== '') this.#log.raw(line);
  }
}
