import { after } from '../../compiler/routing/later.ts';
import { settle } from '../eventually.ts';
import type { Delivery, Eventually, Message, ReplyError } from '../module.ts';
import { asReplyError } from '../reply-error.ts';

/** Tells the fate of one recipient, by the number that it got when it was added. */
export type Report = (recipient: number, failure: ReplyError | null) => void;

/** One target at work on one message, and who is to get it there. */
export class OpenDelivery {
  readonly #delivery: Delivery;
  /** Final addresses of recipients in order, with their numbers: aliases may collide. */
  readonly #addresses: string[] = [];
  readonly #numbers: number[] = [];

  constructor(delivery: Delivery) {
    this.#delivery = delivery;
  }

  /** Numbers of the recipients that the target has taken. */
  get recipients(): readonly number[] {
    return this.#numbers;
  }

  add(to: string, original: string, recipient: number): Eventually<void> {
    return after(this.#delivery.addRecipient(to, original), () => {
      this.#addresses.push(to);
      this.#numbers.push(recipient);
    });
  }

  /** Hands the content over and reports on every recipient once. True when at least one of them was delivered. */
  body(message: Message, report: Report): Eventually<boolean> {
    let anyDelivered = false;
    /** Null: reported on. Targets report in order, so that nothing before `next` waits. */
    const waiting: (string | null)[] = [...this.#addresses];
    let next = 0;
    const settleAt = (at: number, failure: ReplyError | null): void => {
      const recipient = this.#numbers[at];
      waiting[at] = null;
      while (next < waiting.length && waiting[next] === null) next++;
      if (failure === null) anyDelivered = true;
      if (recipient !== undefined) report(recipient, failure);
    };
    const settleRest = (failure: ReplyError | null): boolean => {
      while (next < waiting.length) settleAt(next, failure);
      return anyDelivered;
    };
    return settle(
      () =>
        this.#delivery.body(message, (to, failure) => {
          const at = waiting.indexOf(to, next);
          if (at !== -1) settleAt(at, failure);
        }),
      () => settleRest(null),
      (error) => settleRest(asReplyError(error)),
    );
  }

  /** Reports on all recipients when the target cannot make the delivery final. */
  commit(report: Report): Eventually<void> {
    return settle(
      () => this.#delivery.commit(),
      () => {},
      (error) => {
        const failure = asReplyError(error);
        for (const recipient of this.#numbers) report(recipient, failure);
      },
    );
  }

  abort(): Eventually<void> {
    return this.#delivery.abort();
  }
}
