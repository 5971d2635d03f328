import type { PeerSecurity } from '../../client/peer-security.ts';
import { ReplyError } from '../../module.ts';
import type { Logger } from '../../observe/log.ts';
import type { Exchanger } from '../exchangers.ts';
import type { MxLevel } from '../levels.ts';
import type { DomainPolicy, Levels, MxPolicy } from '../policy.ts';
import {
  certificateResult,
  clearTextResult,
  type TlsFinding,
  type TlsResult,
  type TlsSession,
} from '../tls-results.ts';
import type { StsPolicies } from './policies.ts';
import { namesServer, type StsPolicy } from './policy-text.ts';

/** `mtasts`: what the recipient domain itself asks for (RFC 8461). */
export class MtaSts implements MxPolicy {
  readonly name = 'mtasts';
  readonly #policies: StsPolicies;
  readonly #log: Logger;

  constructor(policies: StsPolicies, log: Logger) {
    this.#policies = policies;
    this.#log = log;
  }

  forDomain(domain: string): DomainPolicy {
    return new DomainMtaSts(domain, this.#policies.find(domain), this.#log);
  }
}

class DomainMtaSts implements DomainPolicy {
  readonly #domain: string;
  readonly #policy: Promise<StsPolicy | null>;
  readonly #log: Logger;

  constructor(domain: string, policy: Promise<StsPolicy | null>, log: Logger) {
    this.#domain = domain;
    this.#policy = policy;
    this.#log = log;
  }

  async checkExchanger({ name }: Exchanger, reached: MxLevel): Promise<MxLevel> {
    const policy = await this.#policy;
    if (policy === null) return reached;
    if (namesServer(policy, name)) return 'mtasts';
    if (policy.mode === 'enforce') {
      throw refusal(550, '5.7.0', 'Failed to establish the MX record authenticity (MTA-STS)');
    }
    this.#log.message('MX does not match published non-enforced MTA-STS policy', {
      domain: this.#domain,
      mx: name,
    });
    return reached;
  }

  async checkConnection(_exchanger: Exchanger, security: PeerSecurity | null, { tls }: Levels) {
    const policy = await this.#policy;
    if (policy?.mode !== 'enforce') return tls;
    if (security === null) {
      throw refusal(451, '4.7.1', 'TLS is required but unavailable or failed (MTA-STS)');
    }
    if (!security.verified) {
      const text = 'Recipient server TLS certificate is not trusted but authentication is required by MTA-STS';
      throw refusal(451, '4.7.1', text, { tls_err: security.failure });
    }
    return tls;
  }

  async tlsFinding({ name }: Exchanger, session: TlsSession | null): Promise<TlsFinding | null> {
    const policy = await this.#policy;
    if (policy === null || policy.mode === 'none') return null;
    if (!namesServer(policy, name)) return { policy: 'sts', result: 'validation-failure' };
    return session === null ? null : { policy: 'sts', result: resultOf(session) };
  }
}

function resultOf(session: TlsSession): TlsResult {
  const failure = session.security?.failure ?? null;
  return clearTextResult(session) ?? (failure === null ? 'success' : certificateResult(failure));
}

function refusal(code: number, enhanced: string, text: string, fields: Readonly<Record<string, unknown>> = {}) {
  return new ReplyError({ code, enhanced, text }, fields);
}
