import { acceptRecipient } from '../../compiler/routing/envelope.ts';
import { after } from '../../compiler/routing/later.ts';
import { isRefusal } from '../../compiler/routing/question.ts';
import { settle } from '../eventually.ts';
import { saysTlsNotRequired } from '../message/trace.ts';
import type { Eventually, Message, MessageBody, MessageContext, MessageHeader, ReplyError } from '../module.ts';
import type { Transaction } from '../smtp/backend.ts';
import { combineFailures, type FailedRecipient } from './combined-failure.ts';
import type { MessageDelivery } from './message-delivery.ts';
import { toReplyError } from './refusals.ts';

/** A message of a session: recipients as the client names them, and what becomes of each. */
export class PipelineTransaction implements Transaction {
  readonly id: string;
  readonly #context: MessageContext;
  readonly #delivery: MessageDelivery;
  /** One reply per recipient at the end. */
  readonly #perRecipient: boolean;
  readonly #ended: () => void;
  /** By number. Null: refused; it has a number too, since an earlier target may have taken it. */
  readonly #recipients: (string | null)[] = [];

  constructor(context: MessageContext, delivery: MessageDelivery, perRecipient: boolean, ended: () => void) {
    this.id = context.id;
    this.#context = context;
    this.#delivery = delivery;
    this.#perRecipient = perRecipient;
    this.#ended = ended;
  }

  recipient(to: string): Eventually<void> {
    const recipient = acceptRecipient(to, this.#context.smtputf8);
    if (isRefusal(recipient)) throw toReplyError(recipient);
    const number = this.#recipients.push(null) - 1;
    return after(this.#delivery.addRecipient(recipient, to, number), (refusal) => {
      if (refusal !== null) throw toReplyError(refusal);
      this.#recipients[number] = to;
    });
  }

  data(header: MessageHeader, body: MessageBody): Eventually<readonly (ReplyError | null)[]> {
    const context = this.#context;
    context.tlsNotRequired = saysTlsNotRequired(header);
    return settle(
      () => this.#handOver({ context, header, body }),
      (results) => after(this.abort(), () => results),
      (error) =>
        after(this.abort(), () => {
          throw error;
        }),
    );
  }

  #handOver(message: Message): Eventually<readonly (ReplyError | null)[]> {
    /** The first one of each recipient, by its number. */
    const failures: (ReplyError | undefined)[] = [];
    const report = (recipient: number, failure: ReplyError | null): void => {
      if (failure !== null) failures[recipient] ??= failure;
    };
    return after(this.#delivery.body(message, report), (refusal) => {
      if (refusal !== null) throw refusal;
      if (!this.#perRecipient) this.#throwCombined(failures);
      return after(this.#delivery.commit(report), () => {
        if (this.#perRecipient) return this.#accepted.map(({ number }) => failures[number] ?? null);
        this.#throwCombined(failures);
        return [null];
      });
    });
  }

  get #accepted(): readonly { readonly number: number; readonly to: string }[] {
    return this.#recipients.flatMap((to, number) => (to === null ? [] : [{ number, to }]));
  }

  #throwCombined(failures: readonly (ReplyError | undefined)[]): void {
    if (failures.length === 0) return;
    const accepted = this.#accepted;
    const failed: FailedRecipient[] = [];
    for (const { number, to } of accepted) {
      const failure = failures[number];
      if (failure !== undefined) failed.push({ to, failure });
    }
    const [first, ...others] = failed;
    if (first !== undefined) throw combineFailures([first, ...others], accepted.length);
  }

  /** After a commit there is nothing left to give up. */
  abort(): Eventually<void> {
    return after(this.#delivery.abort(), this.#ended);
  }
}
