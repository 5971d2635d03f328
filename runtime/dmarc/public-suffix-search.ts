import type { Resolver } from '../dns/resolver.ts';
import type { PolicyAnswer, PolicySearch } from './policy-search.ts';
import { policyRecord, readDmarcRecord } from './record.ts';

/** As maddy finds policies: by the Public Suffix List (RFC 7489 section 3.2, runtime-mta 14.1). */
export class PublicSuffixSearch implements PolicySearch {
  readonly #resolver: Resolver;

  constructor(resolver: Resolver) {
    this.#resolver = resolver;
  }

  async policyOf(domain: string): Promise<PolicyAnswer> {
    const own = await this.#resolver.lookup('TXT', `_dmarc.${domain}`);
    const organization = await this.organizationOf(domain);
    const isAbsent = own.kind === 'no-data' || own.kind === 'no-such-name';
    const inherits = isAbsent && organization !== null && organization !== domain;
    const publisher = inherits ? organization : domain;
    const answer = inherits ? await this.#resolver.lookup('TXT', `_dmarc.${publisher}`) : own;
    if (answer.kind === 'failed') return { kind: 'temperror', reason: answer.reason };
    const text = answer.kind === 'records' ? policyRecord(answer.records) : null;
    if (text === null) return { kind: 'none' };
    const record = readDmarcRecord(text);
    if (typeof record === 'string') return { kind: 'permerror', reason: record };
    const disposition = (inherits ? record.subdomainPolicy : null) ?? record.policy;
    return { kind: 'policy', record, publisher, text, disposition, percent: record.percent };
  }

  /** Null for a public suffix itself. */
  async organizationOf(domain: string): Promise<string | null> {
    // The list is large, and many servers never need it.
    const { organizationalDomain } = await import('./public-suffix-list.ts');
    return organizationalDomain(domain);
  }
}
