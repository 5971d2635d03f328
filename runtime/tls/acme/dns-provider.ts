import type { PlanModule } from '../../../compiler/plan/plan.ts';
import { textAt } from '../../../compiler/routing/plan-values.ts';
import { AcmeDns } from './acmedns.ts';
import { Cloudflare } from './cloudflare.ts';
import { Rfc2136 } from './rfc2136.ts';

/** Puts the TXT records of dns-01 challenges (RFC 8555 section 8.4) where the CA looks for them. */
export interface DnsProvider {
  /** What a change needs until all servers of the zone have it, in milliseconds. */
  readonly settling: number;
  /** `name`: absolute, without its final dot. Throws with a reason for an administrator. */
  present(name: string, value: string): Promise<void>;
  /** Takes away what `present` put there. */
  remove(name: string, value: string): Promise<void>;
}

/** Providers that this runtime speaks to, by the name of their module. */
const providers: Readonly<Record<string, (text: (directive: string) => string) => DnsProvider>> = {
  'libdns.acmedns': (text) =>
    new AcmeDns({
      url: text('server_url'),
      user: text('username'),
      password: text('password'),
      subdomain: text('subdomain'),
    }),
  'libdns.cloudflare': (text) => new Cloudflare(text('api_token')),
  'libdns.rfc2136': (text) =>
    new Rfc2136({ server: text('server'), keyName: text('key_name'), key: text('key'), algorithm: text('key_alg') }),
};

/** Throws for a provider that has no code here, and for settings that cannot be used. */
export function createDnsProvider({ module, config }: PlanModule): DnsProvider {
  const create = providers[module];
  if (create === undefined) throw new Error(`${module} is not available, use one of ${providerNames().join(', ')}`);
  return create((directive) => textAt(config, directive) ?? '');
}

function providerNames(): readonly string[] {
  return Object.keys(providers).map((name) => name.replace('libdns.', ''));
}
