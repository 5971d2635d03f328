import { acceptRecipient, acceptSender } from '../../compiler/routing/envelope.ts';
import { after } from '../../compiler/routing/later.ts';
import { isRefusal } from '../../compiler/routing/question.ts';
import type { Pipeline } from '../../compiler/routing/routes.ts';
import { cleanDomain } from '../../compiler/text/domain.ts';
import type { Delivery, Eventually, Message, ReplyError, Target } from '../module.ts';
import { combineFailures, type FailedRecipient } from './combined-failure.ts';
import { MessageDelivery } from './message-delivery.ts';
import { toReplyError } from './refusals.ts';
import type { PipelineServices } from './services.ts';

/** A pipeline as the target of a module that delivers by itself, such as a queue. */
export function pipelineTarget(pipeline: () => Pipeline, services: PipelineServices): Target {
  const domain = cleanDomain(services.hostname) ?? services.hostname;
  return {
    start(context, from) {
      const sender = acceptSender(from, true);
      if (isRefusal(sender)) throw toReplyError(sender);
      const options = {
        context,
        pipeline: pipeline(),
        services,
        domain,
        listener: null,
        writesHeader: true,
        stamp: null,
      };
      const delivery = new MessageDelivery(options);
      return after(delivery.start(sender), (refusal) => {
        if (refusal === null) return new PipelineDelivery(delivery);
        return after(delivery.abort(), () => {
          throw toReplyError(refusal);
        });
      });
    },
  };
}

class PipelineDelivery implements Delivery {
  readonly #delivery: MessageDelivery;
  /** By number. */
  readonly #recipients: string[] = [];
  /** Numbers that were accepted. */
  readonly #accepted = new Set<number>();

  constructor(delivery: MessageDelivery) {
    this.#delivery = delivery;
  }

  addRecipient(to: string, original: string): Eventually<void> {
    const recipient = acceptRecipient(to, true);
    if (isRefusal(recipient)) throw toReplyError(recipient);
    const number = this.#recipients.push(to) - 1;
    return after(this.#delivery.addRecipient(recipient, original, number), (refusal) => {
      if (refusal !== null) throw toReplyError(refusal);
      this.#accepted.add(number);
    });
  }

  async body(message: Message, perRecipient: ((to: string, error: ReplyError | null) => void) | null): Promise<void> {
    const failures = new Map<number, ReplyError>();
    const refusal = await this.#delivery.body(message, (recipient, failure) => {
      if (failure !== null && !failures.has(recipient)) failures.set(recipient, failure);
    });
    if (refusal !== null) throw refusal;
    const failed: FailedRecipient[] = [];
    for (const number of this.#accepted) {
      const to = this.#recipients[number] ?? '';
      const failure = failures.get(number) ?? null;
      perRecipient?.(to, failure);
      if (failure !== null) failed.push({ to, failure });
    }
    const [first, ...others] = failed;
    if (perRecipient === null && first !== undefined) throw combineFailures([first, ...others], this.#accepted.size);
  }

  async commit(): Promise<void> {
    let failure: ReplyError | null = null;
    await this.#delivery.commit((_, error) => {
      failure ??= error;
    });
    if (failure !== null) throw failure;
  }

  abort(): Eventually<void> {
    return this.#delivery.abort();
  }
}
