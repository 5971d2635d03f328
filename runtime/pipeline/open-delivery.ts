import { after, settle } from '../eventually.ts';
import type { Delivery, Eventually, Message, ReplyError } from '../module.ts';
import { asReplyError } from '../reply-error.ts';

/** Tells the fate of one recipient, by the number that it got when it was added. */
export type Report = (recipient: number, failure: ReplyError | null) => void;

/** One target at work on one message, and who is to get it there. */
export class OpenDelivery {
  readonly #delivery: Delivery;
  /** Numbers of recipients by final address, in order: aliases may collide. */
  readonly #recipients = new Map<string, number[]>();
  readonly #all: number[] = [];

  constructor(delivery: Delivery) {
    this.#delivery = delivery;
  }

  /** Numbers of the recipients that the target has taken. */
  get recipients(): readonly number[] {
    return this.#all;
  }

  add(to: string, original: string, recipient: number): Eventually<void> {
    return after(this.#delivery.addRecipient(to, original), () => {
      const numbers = this.#recipients.get(to);
      if (numbers === undefined) this.#recipients.set(to, [recipient]);
      else numbers.push(recipient);
      this.#all.push(recipient);
    });
  }

  /** Hands the content over and reports on every recipient once. True when at least one of them was delivered. */
  body(message: Message, report: Report): Eventually<boolean> {
    let anyDelivered = false;
    const settleOne = (recipient: number, failure: ReplyError | null): void => {
      if (failure === null) anyDelivered = true;
      report(recipient, failure);
    };
    const waiting = new Map<string, number[]>();
    for (const [to, numbers] of this.#recipients) waiting.set(to, [...numbers]);
    const settleRest = (failure: ReplyError | null): boolean => {
      for (const numbers of waiting.values()) for (const recipient of numbers) settleOne(recipient, failure);
      return anyDelivered;
    };
    return settle(
      () =>
        this.#delivery.body(message, (to, failure) => {
          const recipient = waiting.get(to)?.shift();
          if (recipient !== undefined) settleOne(recipient, failure);
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
        for (const recipient of this.#all) report(recipient, failure);
      },
    );
  }

  abort(): Eventually<void> {
    return this.#delivery.abort();
  }
}
