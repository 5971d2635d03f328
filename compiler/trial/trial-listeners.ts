import { isEndpointFault, parseEndpoint } from '../catalog/values/endpoint.ts';
import type { Plan, PlanEndpoint } from '../plan/plan.ts';
import { isFields } from '../routing/plan-values.ts';
import { trialRuleOf } from './trial-rules.ts';

/** An address of the configuration that a trial serves somewhere else. */
export interface TrialListener {
  /** Module of the endpoint. */
  readonly name: string;
  /** As written. */
  readonly configured: string;
  readonly tls: 'starttls' | 'implicit' | 'none';
  /** Listeners of the same value can share one place: the same service on another address of the host. */
  readonly service: string;
  readonly wanted:
    | { readonly network: 'tcp'; readonly port: number }
    | { readonly network: 'unix'; readonly path: string };
}

const highestPort = 65_535;

/** In the order of the configuration. Throws for an address that `run` could not listen on either. */
export function trialListeners(plan: Plan): readonly TrialListener[] {
  return plan.endpoints
    .filter(({ module }) => trialRuleOf(module) === 'listens')
    .flatMap((endpoint, at) => endpoint.addresses.map((address) => listenerOf(endpoint, at, address)));
}

function listenerOf(endpoint: PlanEndpoint, at: number, configured: string): TrialListener {
  const name = endpoint.module;
  const parsed = parseEndpoint(configured);
  if (isEndpointFault(parsed)) throw new Error(`${configured}: ${parsed.error}`);
  if (parsed.network === 'unix') {
    const wanted = { network: 'unix', path: parsed.path } as const;
    return { name, configured, tls: tlsOf(endpoint, false), service: `${at} ${parsed.path}`, wanted };
  }
  const port = Number(parsed.port);
  if (!Number.isInteger(port) || port > highestPort) throw new Error(`${configured}: invalid port`);
  const service = `${at} ${parsed.scheme} ${port}`;
  return { name, configured, tls: tlsOf(endpoint, parsed.tls), service, wanted: { network: 'tcp', port } };
}

function tlsOf({ module, config: { tls } }: PlanEndpoint, fromFirstByte: boolean): TrialListener['tls'] {
  if (module !== 'smtp' && module !== 'submission' && module !== 'lmtp') return 'none';
  if (fromFirstByte) return 'implicit';
  return isFields(tls) && tls.enabled === true ? 'starttls' : 'none';
}
