import type { Resolver } from '../../dns/resolver.ts';
import type { Logger } from '../../observe/log.ts';
import { isCertificateError, type TlsResult } from '../tls-results.ts';
import { isCurrent, type KeptPolicy } from './kept-policy.ts';
import type { PolicyCache } from './policy-cache.ts';
import { policyId, readPolicy, type StsPolicy } from './policy-text.ts';

export interface StsPoliciesOptions {
  readonly resolver: Resolver;
  readonly cache: PolicyCache;
  /** The text of a domain's policy. */
  readonly download: (domain: string) => Promise<string>;
  readonly log: Logger;
  /** Told why a policy that is announced could not be had. */
  readonly onFailure: (result: TlsResult) => void;
  /** Unix milliseconds. */
  readonly now: () => number;
}

/** After a failure a server is left alone for so long (RFC 8461 section 3.3); milliseconds. */
const pause = 5 * 60_000;
/** Kept policies are fetched anew when they end within this time. */
const refreshAhead = 6 * 3_600_000;
const mostFailures = 10_000;

/** The MTA-STS policies of recipient domains (RFC 8461). */
export class StsPolicies {
  readonly #options: StsPoliciesOptions;
  readonly #finding = new Map<string, Promise<StsPolicy | null>>();
  /** Until when a domain's server is left alone; oldest first. */
  readonly #failed = new Map<string, number>();

  constructor(options: StsPoliciesOptions) {
    this.#options = options;
  }

  /** Null when the domain (A-labels) has none that is known. Does not fail. */
  find(domain: string): Promise<StsPolicy | null> {
    const finding = this.#finding.get(domain);
    if (finding !== undefined) return finding;
    const fresh = this.#find(domain, this.#options.now())
      .then((kept) => kept?.policy ?? null)
      .finally(() => this.#finding.delete(domain));
    this.#finding.set(domain, fresh);
    return fresh;
  }

  /** Looks after policies that will end soon. Does not fail. */
  async refresh(): Promise<void> {
    const { cache, now } = this.#options;
    for (const domain of await cache.domains()) await this.#find(domain, now() + refreshAhead);
  }

  /** `at`: the time at which a kept policy must still be good. */
  async #find(domain: string, at: number): Promise<KeptPolicy | null> {
    const { resolver, cache, log, now } = this.#options;
    const kept = await cache.load(domain);
    const current = kept !== null && isCurrent(kept, at) ? kept : null;
    // What a refresh does not find anew is still good for mail of now.
    const answer = await resolver.lookup('TXT', `_mta-sts.${domain}`);
    const id = answer.kind === 'records' ? policyId(answer.records) : null;
    if (id === null || current?.id === id || (this.#failed.get(domain) ?? 0) > now()) return current;
    try {
      const fetched = { id, fetchedAt: now(), policy: await this.#fetch(domain) };
      await cache.store(domain, fetched).catch((error) => log.error('cannot keep MTA-STS policy', error, { domain }));
      return fetched;
    } catch (error) {
      log.error('cannot fetch MTA-STS policy', error, { domain });
      this.#failed.delete(domain);
      this.#failed.set(domain, now() + pause);
      for (const [oldest] of this.#failed) {
        if (this.#failed.size <= mostFailures) break;
        this.#failed.delete(oldest);
      }
      return current;
    }
  }

  async #fetch(domain: string): Promise<StsPolicy> {
    const { download, onFailure } = this.#options;
    const tell = (result: TlsResult) => (error: unknown) => {
      onFailure(result);
      throw error;
    };
    const text = await download(domain).catch((error) =>
      tell(isUntrusted(error) ? 'sts-webpki-invalid' : 'sts-policy-fetch-error')(error),
    );
    try {
      return readPolicy(text);
    } catch (error) {
      return tell('sts-policy-invalid')(error);
    }
  }
}

/** The server of the policy could not prove who it is. */
function isUntrusted(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && isCertificateError(String(cause.code));
}
