import type { Delivery, Message, MessageContext, Reply, Target } from '../module.ts';
import { ReplyError } from '../module.ts';
import { reasonOf } from '../reason-of.ts';
import type { FreshContent } from './dispatcher.ts';
import type { QueuedMessage, QueuedRecipient } from './message.ts';
import { type NewMessage, QueueStoreFull } from './store.ts';

/** Takes a message over; done when it is safe. */
export type Accept = (message: NewMessage, fresh: FreshContent) => Promise<void>;

export interface QueueTargetOptions {
  readonly accept: Accept;
  /** Where the recipients' mail goes, as far as scheduling cares. */
  readonly destinationOf: (to: string) => string;
  readonly now: () => number;
}

const noRoom: Reply = { code: 452, enhanced: '4.3.1', text: 'The queue has no room for the message now' };
const notSafe: Reply = { code: 451, enhanced: '4.3.0', text: 'The queue cannot take the message now' };

/** The way into a queue: nothing fails before the content is there, and nothing is acknowledged before it is safe. */
export function queueTarget(options: QueueTargetOptions): Target {
  return { start: (context, from) => new QueueDelivery(options, context, from) };
}

class QueueDelivery implements Delivery {
  readonly #options: QueueTargetOptions;
  readonly #context: MessageContext;
  readonly #from: string;
  readonly #recipients: QueuedRecipient[] = [];
  #message: Message | null = null;

  constructor(options: QueueTargetOptions, context: MessageContext, from: string) {
    this.#options = options;
    this.#context = context;
    this.#from = from;
  }

  addRecipient(to: string, original: string): void {
    this.#recipients.push({ to, original, tries: 0, failure: null });
  }

  /** Kept until `commit`, which comes before the endpoint lets go of the body. */
  async body(message: Message): Promise<void> {
    this.#message = { ...message, header: message.header.copy() };
  }

  async commit(): Promise<void> {
    const message = this.#message;
    this.#message = null;
    if (message === null) throw new Error('a commit without content');
    const { accept, now } = this.#options;
    const fresh = { context: this.#context, header: message.header, body: message.body };
    try {
      await accept(
        {
          message: this.#queued(message, now()),
          destination: this.#destination(),
          header: message.header.bytes(),
          body: message.body,
        },
        fresh,
      );
    } catch (error) {
      const reply = error instanceof QueueStoreFull ? noRoom : notSafe;
      throw new ReplyError(reply, { reason: reasonOf(error), target: 'queue' }, { cause: error });
    }
  }

  async abort(): Promise<void> {
    this.#message = null;
  }

  #queued({ context }: Message, now: number): QueuedMessage {
    const { id, originalFrom, smtputf8, requireTls, tlsNotRequired, quarantined, declaredSize } = context;
    return {
      id,
      from: this.#from,
      originalFrom,
      arrivedAt: now,
      lastAttemptAt: now,
      nextAttemptAt: now,
      recipients: this.#recipients,
      smtputf8,
      requireTls,
      tlsNotRequired,
      quarantined,
      declaredSize,
      bounce: null,
    };
  }

  #destination(): string {
    const [first, ...others] = new Set(this.#recipients.map(({ to }) => this.#options.destinationOf(to)));
    return first === undefined || others.length > 0 ? '' : first;
  }
}
