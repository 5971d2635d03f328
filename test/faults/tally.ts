import type { SinkEvent, SinkSession } from '../kit/sink.ts';

export interface Counts {
  readonly accepted: number;
  readonly delivered: number;
  readonly bounced: number;
  /** Recipients of accepted messages that got nothing and whose sender was not told. */
  readonly lost: readonly string[];
  /** Deliveries and bounces beyond the first, as after a process that ended between both. */
  readonly doubled: number;
}

/** What was accepted, what arrived, and what was told to senders; recipients are `KIND-ID@sink.test`. */
export class Tally {
  readonly #accepted = new Set<string>();
  readonly #delivered = new Map<string, number>();
  readonly #bounced = new Map<string, number>();

  accept(id: string): void {
    this.#accepted.add(id);
  }

  /** For the sink's `onEvent`. */
  readonly onEvent = (_: SinkSession, event: SinkEvent): void => {
    if (event.kind !== 'message') return;
    const number = /^X-Number: (.*)$/m.exec(event.text)?.[1]?.trim();
    const failed = [...event.text.matchAll(/^Final-Recipient: rfc822; (.*)@sink\.test/gm)].map(([, who = '']) => who);
    // The header of a message that is bounced stands in the notification.
    if (failed.length > 0) for (const recipient of failed) count(this.#bounced, recipient);
    else if (number !== undefined) count(this.#delivered, `good-${number}`);
  };

  get counts(): Counts {
    const lost: string[] = [];
    for (const id of this.#accepted) {
      const number = Number(id.slice(id.lastIndexOf('-') + 1));
      if (!this.#delivered.has(`good-${id}`)) lost.push(`good-${id}`);
      if (number % 5 === 0 && !this.#bounced.has(`bad-${id}`)) lost.push(`bad-${id}`);
      if (number % 7 === 0 && !this.#bounced.has(`busy-${id}`)) lost.push(`busy-${id}`);
    }
    const beyondFirst = [...this.#delivered.values(), ...this.#bounced.values()].reduce((sum, n) => sum + n - 1, 0);
    return {
      accepted: this.#accepted.size,
      delivered: this.#delivered.size,
      bounced: this.#bounced.size,
      lost,
      doubled: beyondFirst,
    };
  }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
