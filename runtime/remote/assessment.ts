import type { PeerSecurity } from '../client/peer-security.ts';
import type { Exchanger } from './exchangers.ts';
import { type MxLevel, mxLevels, reachesMxLevel, reachesTlsLevel, type TlsLevel } from './levels.ts';
import type { DomainPolicy, Levels, MxPolicy } from './policy.ts';
import { clearTextResult, type TlsFinding, type TlsSession } from './tls-results.ts';

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

  /** For statistics: one finding for each policy of the domain, or one that it has none. Does not fail. */
  async tlsFindings(exchanger: Exchanger, session: TlsSession | null): Promise<readonly TlsFinding[]> {
    const findings: TlsFinding[] = [];
    for (const policy of this.#policies) {
      const finding = await policy.tlsFinding?.(exchanger, session);
      if (finding !== null && finding !== undefined) findings.push(finding);
    }
    if (findings.length > 0 || session === null) return findings;
    return [{ policy: 'no-policy-found', result: clearTextResult(session) ?? 'success' }];
  }
}
