import { splitAddress } from '../../compiler/text/address.ts';
import { ServerDelivery } from '../client/server-delivery.ts';
import type { Limits } from '../limits/limits.ts';
import type { Delivery, Message, MessageContext } from '../module.ts';
import { ReplyError } from '../module.ts';
import { combineFailures } from '../pipeline/combined-failure.ts';
import { asReplyError } from '../reply-error.ts';
import { DomainConnector } from './domain-connector.ts';
import { domainKey } from './domain-key.ts';
import { saidBy } from './remote-connection.ts';
import type { RemoteServers } from './remote-servers.ts';

export interface RemoteDeliveryOptions {
  readonly servers: RemoteServers;
  readonly limits: Limits | null;
  readonly underPolicies: boolean;
  readonly context: MessageContext;
  readonly from: string;
  /** Gives back what the message holds. */
  readonly release: () => void;
}

interface Leg {
  readonly connector: DomainConnector;
  readonly delivery: ServerDelivery<Awaited<ReturnType<DomainConnector['connect']>>>;
}

type Report = (to: string, failure: ReplyError | null) => void;

/** One message to all its recipient domains: a transaction for each. */
export class RemoteDelivery implements Delivery {
  readonly #options: RemoteDeliveryOptions;
  readonly #legs = new Map<string, Leg>();

  constructor(options: RemoteDeliveryOptions) {
    this.#options = options;
  }

  async addRecipient(to: string): Promise<void> {
    if (this.#options.context.quarantined) throw quarantined('Refusing to deliver a quarantined message');
    const leg = this.#legOf(recipientDomain(to));
    try {
      await leg.delivery.addRecipient(to);
    } catch (error) {
      throw named(error, leg);
    }
  }

  async body(message: Message, perRecipient: Report | null): Promise<void> {
    const fates: { readonly to: string; readonly failure: ReplyError | null }[] = [];
    const report: Report = perRecipient ?? ((to, failure) => void fates.push({ to, failure }));
    await Promise.all([...this.#legs.values()].map((leg) => sendOver(leg, message, report)));
    this.#end();
    const failed = fates.flatMap(({ to, failure }) => (failure === null ? [] : [{ to, failure }]));
    const [first, ...others] = failed;
    if (first !== undefined) throw combineFailures([first, ...others], fates.length);
  }

  /** The servers have said their last word to the content. */
  async commit(): Promise<void> {}

  async abort(): Promise<void> {
    for (const { delivery } of this.#legs.values()) await delivery.abort();
    this.#end();
  }

  #legOf(domain: string): Leg {
    const known = this.#legs.get(domain);
    if (known !== undefined) return known;
    const { servers, underPolicies, limits, context, from } = this.#options;
    const connector = new DomainConnector(servers, { domain, underPolicies }, limits, context);
    const leg = { connector, delivery: new ServerDelivery(connector, context, from, false) };
    this.#legs.set(domain, leg);
    return leg;
  }

  #end(): void {
    for (const { connector } of this.#legs.values()) connector.end();
    this.#options.release();
  }
}

async function sendOver(leg: Leg, message: Message, report: Report): Promise<void> {
  const { delivery } = leg;
  const recipients = [...delivery.accepted];
  if (recipients.length === 0) return delivery.abort();
  try {
    if (message.context.quarantined) {
      await delivery.abort();
      throw quarantined('Refusing to deliver quarantined message');
    }
    await delivery.body(message, (to, failure) =>
      report(to, failure === null ? null : asReplyError(named(failure, leg))),
    );
  } catch (error) {
    for (const to of recipients) report(to, asReplyError(named(error, leg)));
  }
}

function named(error: unknown, { connector }: Leg): unknown {
  return connector.exchanger === null ? error : saidBy(error, connector.exchanger);
}

function quarantined(text: string): ReplyError {
  return new ReplyError({ code: 550, enhanced: '5.7.0', text });
}

/** The domain to look up, in A-labels. Throws ReplyError for a recipient that has none. */
function recipientDomain(to: string): string {
  const parts = splitAddress(to);
  if (typeof parts === 'string') {
    throw new ReplyError({ code: 553, enhanced: '5.1.3', text: 'Malformed recipient address' }, { reason: parts });
  }
  if (parts.domain === '') {
    throw new ReplyError({ code: 550, enhanced: '5.1.1', text: '<postmaster> address it no supported' });
  }
  if (parts.domain.startsWith('[')) {
    throw new ReplyError({ code: 550, enhanced: '5.1.1', text: 'IP address literals are not supported' });
  }
  const domain = domainKey(parts.domain);
  if (domain === null) {
    throw new ReplyError({ code: 553, enhanced: '5.1.2', text: 'Recipient domain cannot be written in A-labels' });
  }
  return domain;
}
