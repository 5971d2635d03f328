import { acceptSender } from '../../compiler/routing/envelope.ts';
import { after, afterwards, isLater } from '../../compiler/routing/later.ts';
import { isRefusal } from '../../compiler/routing/question.ts';
import type { Pipeline } from '../../compiler/routing/routes.ts';
import { cleanDomain } from '../../compiler/text/domain.ts';
import type { Limits } from '../limits/limits.ts';
import { createDateWriter } from '../message/date.ts';
import { receivedValue } from '../message/trace.ts';
import type { Eventually, MessageContext, MessageHeader, Reply } from '../module.ts';
import type { Logger } from '../observe/log.ts';
import type { Credentials, MailParameters, SessionBackend, SessionClient, Transaction } from '../smtp/backend.ts';
import { clientEndpoint } from '../smtp/live-client.ts';
import { type AuthenticationOptions, authenticate } from './authenticate.ts';
import { debugListener } from './debug-lines.ts';
import { earlyRefusal } from './early-checks.ts';
import { MessageDelivery } from './message-delivery.ts';
import { toReplyError } from './refusals.ts';
import type { PipelineServices } from './services.ts';
import { PipelineTransaction } from './transaction.ts';

export interface BackendOptions {
  readonly protocol: 'smtp' | 'submission' | 'lmtp';
  readonly pipeline: Pipeline;
  readonly services: PipelineServices;
  readonly authentication: AuthenticationOptions;
  readonly limits: Limits | null;
  /** Named as the endpoint's lines are. */
  readonly log: Logger;
  readonly newMessageId: () => string;
  /** First PTR name of an address without its final dot; null when there is none or it cannot be found in time. */
  readonly reverseName: (address: string) => Eventually<string | null>;
}

/** The pipeline behind the sessions of one endpoint. */
export class PipelineBackend implements SessionBackend {
  readonly #options: BackendOptions;
  readonly #domain: string;
  readonly #dateOf = createDateWriter();

  constructor(options: BackendOptions) {
    this.#options = options;
    const { hostname } = options.services;
    this.#domain = cleanDomain(hostname) ?? hostname;
  }

  hello(client: SessionClient): Eventually<Reply | null> {
    const { pipeline, services } = this.#options;
    return earlyRefusal(pipeline.checks, services, this.#clientContext(client));
  }

  authenticate(client: SessionClient, mechanism: string, credentials: Credentials) {
    return authenticate(this.#options.authentication, client, mechanism, credentials);
  }

  mail(client: SessionClient, from: string, parameters: MailParameters): Eventually<Transaction> {
    const { log, limits } = this.#options;
    const id = this.#options.newMessageId();
    const source = clientEndpoint(client) ?? undefined;
    const username = client.auth?.user;
    log.message('incoming message', { msg_id: id, sender: from, src_host: client.helo, src_ip: source, username });
    const sender = acceptSender(from, parameters.smtputf8);
    if (isRefusal(sender)) throw toReplyError(sender, null);
    const context = this.#messageContext(id, client, from, parameters);
    if (limits === null) return this.#start(context, sender, noRelease);
    const domain = sender.slice(sender.lastIndexOf('@') + 1);
    return after(limits.take(client.address ?? '127.0.0.1', domain), (release) =>
      this.#start(context, sender, release),
    );
  }

  #start(context: MessageContext, sender: string, release: () => void): Eventually<Transaction> {
    const { protocol, pipeline, services } = this.#options;
    const { log } = services;
    const delivery = new MessageDelivery({
      context,
      pipeline,
      services,
      domain: this.#domain,
      listener: log.debugEnabled ? debugListener(log, context.id) : null,
      writesHeader: protocol !== 'lmtp',
      stamp: protocol === 'lmtp' ? null : (header) => this.#stamp(context, header),
    });
    const started = delivery.start(sender);
    const open = (): Transaction => new PipelineTransaction(context, delivery, protocol === 'lmtp', release);
    const end = (error: unknown): never => {
      void delivery.abort();
      release();
      throw error;
    };
    if (isLater(started)) {
      return afterwards(
        started,
        (refusal) => (refusal === null ? open() : end(toReplyError(refusal, context.id))),
        end,
      );
    }
    return started === null ? open() : end(toReplyError(started, context.id));
  }

  /** The Received field of this hop (runtime-core 9.1). */
  #stamp(context: MessageContext, header: MessageHeader): Eventually<void> {
    const tellsClient = this.#options.protocol !== 'submission';
    const address = tellsClient ? (context.client?.address ?? null) : null;
    const { hostname } = this.#options.services;
    const write = (reverseName: string | null): void =>
      header.prepend(
        'Received',
        receivedValue(context, { hostname, tellsClient, reverseName, date: this.#dateOf(Date.now()) }),
      );
    return address === null || context.client === null ? write(null) : after(context.client.reverseName(), write);
  }

  #messageContext(id: string, client: SessionClient, from: string, parameters: MailParameters): MessageContext {
    return {
      id,
      client: this.#clientContext(client),
      auth: client.auth,
      originalFrom: from,
      smtputf8: parameters.smtputf8,
      requireTls: parameters.requireTls,
      declaredSize: parameters.size,
      quarantined: false,
      tlsNotRequired: false,
      hidesClient: this.#options.protocol === 'submission',
    };
  }

  /** As it is now: a session may yet change its name, its login and its encryption. */
  #clientContext(client: SessionClient): NonNullable<MessageContext['client']> {
    const { address, port, helo, tls, encryption = null } = client;
    const reverseName = () => (address === null ? null : this.#options.reverseName(address));
    return { address, port, helo, tls, encryption, reverseName };
  }

  closed(): void {}
}

function noRelease(): void {}
