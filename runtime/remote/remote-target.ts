import { after } from '../../compiler/routing/later.ts';
import { splitAddress } from '../../compiler/text/address.ts';
import type { Limits } from '../limits/limits.ts';
import type { Delivery, Eventually, MessageContext, Target } from '../module.ts';
import { ReplyError } from '../module.ts';
import { domainKey } from './domain-key.ts';
import { RemoteDelivery } from './remote-delivery.ts';
import type { RemoteServers } from './remote-servers.ts';

export interface RemoteTargetOptions {
  readonly servers: RemoteServers;
  readonly limits: Limits | null;
  /** `TLS-Required: No` (RFC 8689 section 5) lets a message go without policies. */
  readonly requireTlsOverride: boolean;
}

/** Delivers to the servers that recipient domains name in DNS. */
export class RemoteTarget implements Target {
  readonly #options: RemoteTargetOptions;

  constructor(options: RemoteTargetOptions) {
    this.#options = options;
  }

  start(context: MessageContext, from: string): Eventually<Delivery> {
    const { servers, limits, requireTlsOverride } = this.#options;
    const underPolicies = !(context.tlsNotRequired && requireTlsOverride);
    const deliver = (release: () => void): Delivery =>
      new RemoteDelivery({ servers, limits, underPolicies, context, from, release });
    if (limits === null) return deliver(() => {});
    return after(limits.take(context.client?.address ?? '127.0.0.1', senderDomain(from)), deliver);
  }

  destinationOf(to: string): string {
    const parts = splitAddress(to);
    return typeof parts === 'string' ? '' : (domainKey(parts.domain) ?? '');
  }
}

function senderDomain(from: string): string {
  if (from === '') return '';
  const parts = splitAddress(from);
  if (typeof parts === 'string') {
    throw new ReplyError({ code: 501, enhanced: '5.1.8', text: 'Malformed sender address' }, { reason: parts });
  }
  return parts.domain;
}
