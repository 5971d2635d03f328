import { ReplyParser, type ServerReply } from './reply-parser.ts';

/** The connection ended before an awaited reply came. */
export class ConnectionLost extends Error {}

interface Expectation {
  readonly resolve: (reply: ServerReply) => void;
  readonly reject: (error: Error) => void;
}

/** Replies in the order of their commands: pipelining is two expectations and one write. */
export class ReplyQueue {
  readonly #parser = new ReplyParser();
  #expected: Expectation[] = [];
  #failure: (() => Error) | null = null;
  #unasked: ServerReply | null = null;

  /** Whether all that was asked has been answered, and nothing else was said. */
  get isQuiet(): boolean {
    return this.#expected.length === 0 && this.#failure === null && !this.#parser.isInReply && this.#unasked === null;
  }

  get isWaiting(): boolean {
    return this.#expected.length > 0;
  }

  expect(): Promise<ServerReply> {
    if (this.#failure !== null) return Promise.reject(this.#failure());
    return new Promise((resolve, reject) => {
      this.#expected.push({ resolve, reject });
    });
  }

  /** How many replies the chunk has completed. */
  receive(chunk: Buffer): number {
    if (this.#failure !== null) return 0;
    try {
      const replies = this.#parser.push(chunk);
      for (const reply of replies) {
        const next = this.#expected.shift();
        // Said without being asked: `421` before a server closes an idle connection.
        if (next === undefined) this.#unasked = reply;
        else next.resolve(reply);
      }
      return replies.length;
    } catch (error) {
      this.fail(() => (error instanceof Error ? error : new Error(String(error))));
      return 0;
    }
  }

  /** The connection is lost; what is awaited gets the server's last words, if it had any, or the error. */
  fail(reason: () => Error): void {
    if (this.#failure !== null) return;
    this.#failure = reason;
    const expected = this.#expected;
    this.#expected = [];
    for (const { reject } of expected) reject(reason());
  }
}
