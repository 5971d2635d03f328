import { isEndpointFault, isLocal, parseEndpoint } from '../../catalog/values/endpoint.ts';
import type { PlanModule } from '../../plan/plan.ts';
import { textsAt } from '../plan-values.ts';

/**
 * What a target does with mail. `local`: keeps it here (R10). `relay`: sends it on to other hosts. `handover`: gives it to another
 * program or host that keeps it, or that decides about it: LMTP elsewhere, SMTP on this host.
 */
export type TargetScope = 'local' | 'relay' | 'handover';

const keepers: ReadonlySet<string> = new Set(['target.imapsql', 'storage.imapsql', 'target.maildir', 'dummy']);

export function scopeOf({ module, config }: Pick<PlanModule, 'module' | 'config'>): TargetScope {
  if (keepers.has(module)) return 'local';
  if (module === 'target.remote') return 'relay';
  const staysHere = isThisHost(textsAt(config, 'targets') ?? []);
  if (module === 'target.lmtp') return staysHere ? 'local' : 'handover';
  if (module === 'target.smtp') return staysHere ? 'handover' : 'relay';
  return 'handover';
}

const portFromEnvironment = /:\{env:[^{}]*\}$/;

/** Whether all addresses are sockets or on loopback, whatever their port. A host that depends on the environment is not. */
export function isThisHost(addresses: readonly string[]): boolean {
  return (
    addresses.length > 0 &&
    addresses.every((address) => {
      if (address.startsWith('unix:')) return true;
      const endpoint = parseEndpoint(address.replace(portFromEnvironment, ':1'));
      return !isEndpointFault(endpoint) && isLocal(endpoint);
    })
  );
}
