import type { PeerSecurity } from '../client/peer-security.ts';
import type { Exchanger } from './exchangers.ts';
import { type MxLevel, mxLevels, reachesMxLevel, reachesTlsLevel, type TlsLevel } from './levels.ts';
import type { DomainPolicy, Levels, MxPolicy } from './policy.ts';

/** All policies for one recipient domain, and one message after another that goes there. */
export class Assessment {
  readonly #policies: readonly DomainPolicy[];

  constructor(policies: readonly MxPolicy[], domain: string) {
    this.#policies = policies.map((policy) => policy.forDomain(domain));
  }

  /** Throws ReplyError for a server that is not to be asked. */
  async exchanger(exchanger: Exchanger): Promise<MxLevel> {
    let reached: MxLevel = mxLevels[0];
    for (const policy of this.#policies) {
      const level: MxLevel = (await policy.checkExchanger?.(exchanger, reached)) ?? reached;
      if (reachesMxLevel(level, reached)) reached = level;
    }
    return reached;
  }

  /** Throws ReplyError for a connection that is not to be used. */
  async connection(exchanger: Exchanger, security: PeerSecurity | null, mx: MxLevel): Promise<Levels> {
    let tls: TlsLevel = security === null ? 'none' : security.verified ? 'authenticated' : 'encrypted';
    for (const policy of this.#policies) {
      const level: TlsLevel = (await policy.checkConnection?.(exchanger, security, { mx, tls })) ?? tls;
      if (reachesTlsLevel(level, tls)) tls = level;
    }
    return { mx, tls };
  }
}
