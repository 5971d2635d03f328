import { ReplyParser, type ServerReply } from './reply-parser.ts';

/** The connection ended before an awaited reply came. */
export class ConnectionLost extends Error {}

/** Who waits for a reply. Told once, of the reply or of the end of the connection; must not throw. */
export interface Expectation {
  readonly answered: (reply: ServerReply) => void;
  readonly lost: (error: Error) => void;
}

/** In a chain: an array that is emptied and filled again with each command costs more. */
interface Waiting {
  readonly expectation: Expectation;
  next: Waiting | null;
}

/** Replies in the order of their commands: pipelining is two expectations and one write. */
export class ReplyQueue {
  readonly #parser = new ReplyParser();
  #first: Waiting | null = null;
  #last: Waiting | null = null;
  #failure: (() => Error) | null = null;
  #unasked: ServerReply | null = null;
  /** Replies that have come, but nobody has been told of them yet. */
  #untold = 0;

  /** Whether all that was asked has been answered, and nothing else was said. */
  get isQuiet(): boolean {
    return (
      !this.isWaiting &&
      this.#untold === 0 &&
      this.#failure === null &&
      !this.#parser.isInReply &&
      this.#unasked === null
    );
  }

  get isWaiting(): boolean {
    return this.#first !== null;
  }

  expect(expectation: Expectation): void {
    if (this.#failure !== null) {
      expectation.lost(this.#failure());
      return;
    }
    const waiting: Waiting = { expectation, next: null };
    if (this.#last === null) this.#first = waiting;
    else this.#last.next = waiting;
    this.#last = waiting;
  }

  /** How many replies the first `length` bytes of the chunk have completed. */
  receive(chunk: Buffer, length = chunk.length): number {
    if (this.#failure !== null) return 0;
    const replies: ServerReply[] = [];
    try {
      this.#parser.read(replies, chunk, length);
    } catch (error) {
      // Nobody may use the connection again, but what was answered before has happened.
      this.#failure = () => (error instanceof Error ? error : new Error(String(error)));
    }
    // Whose each of them is shows before anybody hears one: who hears may ask at once for more over this connection.
    const expectations = replies.map((reply) => this.#expectationOf(reply));
    this.#untold = replies.length;
    for (let at = 0; at < replies.length; at++) {
      const reply = replies[at];
      this.#untold--;
      if (reply !== undefined) expectations[at]?.answered(reply);
    }
    if (this.#failure !== null) this.#lose(this.#failure);
    return replies.length;
  }

  #expectationOf(reply: ServerReply): Expectation | null {
    const waiting = this.#first;
    // Said without being asked: `421` before a server closes an idle connection.
    if (waiting === null) {
      this.#unasked = reply;
      return null;
    }
    this.#first = waiting.next;
    if (this.#first === null) this.#last = null;
    return waiting.expectation;
  }

  /** The connection is lost; what is awaited gets the server's last words, if it had any, or the error. */
  fail(reason: () => Error): void {
    if (this.#failure !== null) return;
    this.#failure = reason;
    this.#lose(reason);
  }

  #lose(reason: () => Error): void {
    let waiting = this.#first;
    this.#first = null;
    this.#last = null;
    for (; waiting !== null; waiting = waiting.next) waiting.expectation.lost(reason());
  }
}
