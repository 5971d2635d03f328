import type { Resolver } from '../dns/resolver.ts';
import type { PolicyAnswer, PolicySearch } from './policy-search.ts';
import { type Disposition, type DmarcRecord, policyRecord, readDmarcRecord } from './record.ts';

/** A name that is deeper is not asked about label by label (RFC 9989 section 4.10). */
const mostLabels = 8;

interface Found {
  readonly domain: string;
  readonly record: DmarcRecord;
  readonly text: string;
}

interface Walk {
  /** From the domain itself up. */
  readonly found: readonly Found[];
  /** Why the walk could not be ended. */
  readonly failure: string | null;
}

/** The newer way (RFC 9989 section 4.10): names up the tree are asked, and no list of suffixes is needed. */
export class TreeWalkSearch implements PolicySearch {
  readonly #resolver: Resolver;

  constructor(resolver: Resolver) {
    this.#resolver = resolver;
  }

  async policyOf(domain: string): Promise<PolicyAnswer> {
    const walk = await this.#walk(domain);
    if (walk.failure !== null) return { kind: 'temperror', reason: walk.failure };
    const [first] = walk.found;
    const own = first?.domain === domain ? first : undefined;
    const organization = organizationIn(walk, domain);
    const suffix = walk.found.find(({ record }) => record.isSuffix === true);
    const source = own ?? walk.found.find((each) => each.domain === organization) ?? suffix;
    if (source === undefined) return { kind: 'none' };
    const disposition = source === own ? source.record.policy : await this.#inherited(domain, source.record);
    return {
      kind: 'policy',
      record: source.record,
      publisher: source.domain,
      text: source.text,
      disposition: source.record.isTrial ? milder[disposition] : disposition,
      percent: 100,
    };
  }

  async organizationOf(domain: string): Promise<string | null> {
    return organizationIn(await this.#walk(domain), domain);
  }

  /** What the record of a domain above asks for (RFC 9989 section 4.7: sp, np). */
  async #inherited(domain: string, record: DmarcRecord): Promise<Disposition> {
    const forExisting = record.subdomainPolicy ?? record.policy;
    if (record.absentPolicy === null) return forExisting;
    const answer = await this.#resolver.lookup('A', domain);
    return answer.kind === 'no-such-name' ? record.absentPolicy : forExisting;
  }

  async #walk(domain: string): Promise<Walk> {
    const found: Found[] = [];
    for (const name of namesAbove(domain)) {
      const answer = await this.#resolver.lookup('TXT', `_dmarc.${name}`);
      if (answer.kind === 'failed') return { found, failure: answer.reason };
      const text = answer.kind === 'records' ? policyRecord(answer.records) : null;
      if (text === null) continue;
      const record = readDmarcRecord(text);
      if (typeof record === 'string') continue;
      found.push({ domain: name, record, text });
      if (record.isSuffix !== null) break;
    }
    return { found, failure: null };
  }
}

/** `t=y`: one step milder than written (RFC 9989 section 4.7). */
const milder = { reject: 'quarantine', quarantine: 'none', none: 'none' } as const;

/** The domain and those above it: at most eight names, the domain itself always among them. */
function namesAbove(domain: string): readonly string[] {
  const labels = domain.split('.');
  const start = labels.length > mostLabels ? labels.length - mostLabels + 1 : 1;
  return [domain, ...labels.slice(start).map((_, at) => labels.slice(start + at).join('.'))];
}

function organizationIn({ found }: Walk, domain: string): string {
  const notSuffix = found.find(({ record }) => record.isSuffix === false);
  if (notSuffix !== undefined) return notSuffix.domain;
  const suffix = found.find((each) => each.record.isSuffix === true && each.domain !== domain);
  if (suffix !== undefined) {
    const below = domain.slice(0, -suffix.domain.length - 1);
    return `${below.slice(below.lastIndexOf('.') + 1)}.${suffix.domain}`;
  }
  return found.at(-1)?.domain ?? domain;
}
