import { isIP } from 'node:net';
import type { ConfigOf } from '../../../compiler/catalog/config-of.ts';
import type { targetRemote } from '../../../compiler/catalog/modules/target.remote.ts';
import { asciiDomain } from '../../../compiler/text/domain.ts';
import { createClientContext } from '../../client/client-tls.ts';
import type { ModuleDefinition } from '../../module.ts';
import { monotonicTime } from '../../monotonic-time.ts';
import { familyOf } from '../../remote/reach.ts';
import { RemoteServers } from '../../remote/remote-servers.ts';
import { RemoteTarget } from '../../remote/remote-target.ts';
import { countedTarget } from './connection-gauges.ts';

/** Connections that wait are kept whatever the traffic is: a handshake with a server far away takes long. */
const anyTraffic = { minMessages: 0, windowTime: 10_000 };

/** `target.remote` */
export const remote: ModuleDefinition<ConfigOf<typeof targetRemote>> = {
  name: 'target.remote',
  create(config, context) {
    const { resolver, log, metrics, mxPort } = context;
    const localAddress = localAddressOf(config.local_ip);
    const module = context.plan.module;
    const servers = new RemoteServers({
      resolver,
      policies: config.mx_auth === undefined ? [] : (context.resolve(config.mx_auth).mxPolicies ?? []),
      port: mxPort,
      family: familyOf(localAddress, config.force_ipv4),
      dial: {
        connectTimeout: config.connect_timeout,
        commandTimeout: config.command_timeout,
        submissionTimeout: config.submission_timeout,
        tls: { secureContext: createClientContext(config.tls_client, context.stateDir) },
        ...(localAddress !== undefined && { localAddress }),
        now: monotonicTime,
      },
      hostname: asciiDomain(config.hostname) ?? config.hostname,
      pool: {
        ...anyTraffic,
        maxIdle: config.conn_max_idle_count,
        maxIdleTime: config.conn_max_idle_time * 1000,
        maxMessages: config.conn_reuse_limit + 1,
      },
      relaxesRequireTls: config.relaxed_requiretls,
      log,
      onConnected: ({ mx, tls }) => {
        metrics.count('maddy_remote_conns_mx_level', { module, level: mx });
        metrics.count('maddy_remote_conns_tls_level', { module, level: tls });
      },
      onTlsFinding: ({ policy, result }) => metrics.count('maddyc_remote_tls_results', { policy, result }),
      chance: Math.random,
    });
    const target = new RemoteTarget({
      servers,
      limits: config.limits === undefined ? null : (context.resolve(config.limits).limits ?? null),
      requireTlsOverride: config.requiretls_override,
    });
    return countedTarget(target, servers, context);
  },
};

/** IPv6 stands in brackets, as maddy wants it, or without. Throws when it is no address. */
function localAddressOf(text: string | undefined): string | undefined {
  if (text === undefined || text === '') return undefined;
  const address = text.replace(/^\[(.*)\]$/, '$1');
  if (isIP(address) === 0) throw new Error(`failed to parse local IP: ${text}`);
  return address;
}
