import { ReplyParser, type ServerReply } from './reply-parser.ts';

/** The connection ended before an awaited reply came. */
export class ConnectionLost extends Error {}

/** Who waits for a reply. Told once, of the reply or of the end of the connection; must not throw. */
export interface Expectation {
  readonly answered: (reply: ServerReply) => void;
  readonly lost: (error: Error) => void;
}

/** Replies in the order of their commands: pipelining is two expectations and one write. */
export class ReplyQueue {
  readonly #parser = new ReplyParser();
  #expected: Expectation[] = [];
  /** How many of those have their reply; taken away together, when all have. */
  #answered = 0;
  #failure: (() => Error) | null = null;
  #unasked: ServerReply | null = null;

  /** Whether all that was asked has been answered, and nothing else was said. */
  get isQuiet(): boolean {
    return !this.isWaiting && this.#failure === null && !this.#parser.isInReply && this.#unasked === null;
  }

  get isWaiting(): boolean {
    return this.#answered < this.#expected.length;
  }

  expect(expectation: Expectation): void {
    if (this.#failure === null) this.#expected.push(expectation);
    else expectation.lost(this.#failure());
  }

  /** How many replies the chunk has completed. */
  receive(chunk: Buffer): number {
    if (this.#failure !== null) return 0;
    let replies: readonly ServerReply[];
    try {
      replies = this.#parser.push(chunk);
    } catch (error) {
      this.fail(() => (error instanceof Error ? error : new Error(String(error))));
      return 0;
    }
    for (const reply of replies) this.#answer(reply);
    return replies.length;
  }

  #answer(reply: ServerReply): void {
    const next = this.#expected[this.#answered];
    // Said without being asked: `421` before a server closes an idle connection.
    if (next === undefined) {
      this.#unasked = reply;
      return;
    }
    this.#answered++;
    if (this.#answered === this.#expected.length) {
      this.#expected.length = 0;
      this.#answered = 0;
    }
    next.answered(reply);
  }

  /** The connection is lost; what is awaited gets the server's last words, if it had any, or the error. */
  fail(reason: () => Error): void {
    if (this.#failure !== null) return;
    this.#failure = reason;
    const left = this.#expected.slice(this.#answered);
    this.#expected = [];
    this.#answered = 0;
    for (const { lost } of left) lost(reason());
  }
}
