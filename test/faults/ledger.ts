import type { SinkEvent, SinkSession } from '../kit/sink.ts';

/** Recipients of accepted messages, by what became of them. */
export interface Counts {
  readonly accepted: number;
  readonly delivered: number;
  /** Not delivered, and their sender was told. */
  readonly bounced: number;
  /** Neither. */
  readonly lost: readonly string[];
  /** Deliveries and bounces beyond the first, as after a process that ended between both. */
  readonly doubled: number;
  /** Messages that clients were told to try again, or were told nothing about. */
  readonly refused: number;
}

/** The books: who was accepted, who got mail, of whom was told that he did not. No recipient has more than one message. */
export class Ledger {
  readonly #accepted = new Set<string>();
  /** Those who are still to get mail, or to be told of. */
  readonly #open = new Set<string>();
  readonly #delivered = new Map<string, number>();
  readonly #bounced = new Map<string, number>();
  #refused = 0;

  accept(recipient: string): void {
    this.#accepted.add(recipient);
    if (!this.#isSettled(recipient)) this.#open.add(recipient);
  }

  refuse(): void {
    this.#refused++;
  }

  /** For `onEvent` of the servers that get mail and bounces. */
  readonly onEvent = (_: SinkSession, event: SinkEvent): void => {
    if (event.kind !== 'message') return;
    const failed = [...event.text.matchAll(/^Final-Recipient: rfc822; (\S+)/gm)].map(([, who = '']) => who);
    const [counts, recipients] = failed.length > 0 ? [this.#bounced, failed] : [this.#delivered, event.taken];
    if (event.taken.length === 0) return;
    for (const recipient of recipients) {
      counts.set(recipient, (counts.get(recipient) ?? 0) + 1);
      this.#open.delete(recipient);
    }
  };

  get accepted(): number {
    return this.#accepted.size;
  }

  get delivered(): number {
    return this.#delivered.size;
  }

  /** Nobody waits for anything. */
  get isSettled(): boolean {
    return this.#open.size === 0;
  }

  get counts(): Counts {
    const all = [...this.#accepted];
    const delivered = all.filter((recipient) => this.#delivered.has(recipient));
    const bounced = all.filter((recipient) => !this.#delivered.has(recipient) && this.#bounced.has(recipient));
    const told = (recipient: string) => (this.#delivered.get(recipient) ?? 0) + (this.#bounced.get(recipient) ?? 0);
    return {
      accepted: all.length,
      delivered: delivered.length,
      bounced: bounced.length,
      lost: [...this.#open],
      doubled: [...delivered, ...bounced].reduce((sum, recipient) => sum + told(recipient) - 1, 0),
      refused: this.#refused,
    };
  }

  #isSettled(recipient: string): boolean {
    return this.#delivered.has(recipient) || this.#bounced.has(recipient);
  }
}
