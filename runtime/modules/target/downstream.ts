import type { ConfigOf } from '../../../compiler/catalog/config-of.ts';
import type { targetLmtp } from '../../../compiler/catalog/modules/target.lmtp.ts';
import type { targetSmtp } from '../../../compiler/catalog/modules/target.smtp.ts';
import { asciiDomain } from '../../../compiler/text/domain.ts';
import { createClientContext } from '../../client/client-tls.ts';
import { Downstream } from '../../client/downstream.ts';
import { defaultPoolLimits } from '../../client/pool.ts';
import type { ModuleContext, ModuleInstance } from '../../module.ts';
import { monotonicTime } from '../../monotonic-time.ts';
import { endpointAddress } from '../../net/endpoint-address.ts';
import { countedTarget } from './connection-gauges.ts';

type DownstreamConfig = ConfigOf<typeof targetSmtp> & ConfigOf<typeof targetLmtp>;

/** `target.smtp` and `target.lmtp`: nothing is dialled before the first message. */
export function createDownstream(
  protocol: 'smtp' | 'lmtp',
  config: DownstreamConfig,
  context: ModuleContext,
): ModuleInstance {
  if (config.attempt_starttls !== undefined) {
    context.log.message('attempt_starttls directive is deprecated and equivalent to starttls');
  }
  if (config.require_tls) context.log.message('require_tls directive is deprecated and ignored');
  const downstream = new Downstream({
    addresses: (config.targets ?? []).map((text) => endpointAddress(text, context.runtimeDir)),
    dial: {
      connectTimeout: config.connect_timeout,
      commandTimeout: config.command_timeout,
      submissionTimeout: config.submission_timeout,
      tls: { secureContext: createClientContext(config.tls_client, context.stateDir) },
      ...(context.hostLookup !== undefined && { lookup: context.hostLookup }),
      now: monotonicTime,
    },
    handshake: {
      protocol,
      hostname: asciiDomain(config.hostname) ?? config.hostname,
      startTls: (config.attempt_starttls ?? config.starttls) ? 'required' : 'never',
      auth: config.auth,
    },
    pool: defaultPoolLimits,
    onConnectError: (failure, id) => context.log.error('connect error', failure, { msg_id: id }),
  });
  return countedTarget(downstream, downstream, context);
}
