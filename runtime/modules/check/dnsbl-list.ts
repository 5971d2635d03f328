import { isIPv4 } from 'node:net';
import type { dnsblList } from '../../../compiler/catalog/blocks/dnsbl-list.ts';
import type { ConfigOf } from '../../../compiler/catalog/config-of.ts';
import type { RecordType } from '../../dns/records.ts';
import type { Resolver } from '../../dns/resolver.ts';
import { reversedLabels } from '../../dns/reverse-name.ts';
import { NetworkSet } from '../../net/network-set.ts';

type Config = ConfigOf<typeof dnsblList>;

/** What a list may be asked about; null is not known, or not to be asked. */
export interface Identities {
  readonly address: string | null;
  readonly helo: string | null;
  /** Domain of the sender (D21). */
  readonly domain: string | null;
}

/** What a list says of somebody who is on it. */
export interface Listing {
  readonly zone: string;
  readonly score: number;
  /** For the reply; null: the check's own. */
  readonly message: string | null;
  /** The list's own words (TXT records), for the log. */
  readonly explanation: string;
}

/** Nobody could tell whether somebody is on the list. */
export interface ListFailure {
  readonly failure: string;
}

interface Rule {
  readonly networks: NetworkSet;
  readonly score: number;
  readonly message: string | null;
}

/** Of an IPv6 answer without a slash. */
const wholeAddress = 128;
const longestExplanation = 500;

/** One zone of `check.dnsbl` with its settings. */
export class DnsList {
  readonly zone: string;
  readonly config: Config;
  readonly #resolver: Resolver;
  readonly #listed: NetworkSet;
  readonly #rules: readonly Rule[];

  constructor(zone: string, config: Config, resolver: Resolver) {
    this.zone = zone.replace(/\.$/, '');
    this.config = config;
    this.#resolver = resolver;
    this.#listed = new NetworkSet(config.responses, wholeAddress);
    this.#rules = config.response.map(({ networks, score, message }) => ({
      networks: new NetworkSet(networks, wholeAddress),
      score,
      message: message ?? null,
    }));
  }

  /** Null: on none of the names that it may be asked about. The first that is listed decides. */
  async find(identities: Identities): Promise<Listing | ListFailure | null> {
    for (const { labels, isName } of this.#questions(identities)) {
      const found = await this.#look(`${labels}.${this.zone}`, isName);
      if (found !== null) return found;
    }
    return null;
  }

  #questions({ address, helo, domain }: Identities): readonly { labels: string; isName: boolean }[] {
    const { client_ipv4, client_ipv6, ehlo, mailfrom } = this.config;
    const asked: { labels: string; isName: boolean }[] = [];
    if (address !== null && (isIPv4(address) ? client_ipv4 : client_ipv6)) {
      const labels = reversedLabels(address);
      if (labels !== null) asked.push({ labels, isName: false });
    }
    // An address literal is no name.
    if (ehlo && helo !== null && !helo.startsWith('[')) asked.push({ labels: helo.replace(/\.$/, ''), isName: true });
    if (mailfrom && domain !== null && domain !== '') asked.push({ labels: domain.replace(/\.$/, ''), isName: true });
    return asked;
  }

  async #look(name: string, isName: boolean): Promise<Listing | ListFailure | null> {
    const answers: string[] = [];
    for (const type of ['A', 'AAAA'] as const satisfies readonly RecordType[]) {
      const answer = await this.#resolver.lookup(type, name);
      if (answer.kind === 'failed') return { failure: answer.reason };
      if (answer.kind === 'records') answers.push(...answer.records);
      if (answer.kind === 'no-such-name') break;
    }
    const judged = this.#judge(answers, isName);
    return judged === null ? null : { ...judged, zone: this.zone, explanation: await this.#explain(name) };
  }

  #judge(answers: readonly string[], isName: boolean): Pick<Listing, 'score' | 'message'> | null {
    if (this.#rules.length > 0) {
      const matching = this.#rules.filter(({ networks }) => answers.some((answer) => networks.has(answer)));
      const [first] = matching;
      if (first === undefined) return null;
      const score = matching.reduce((sum, rule) => sum + rule.score, 0);
      return { score: score === 0 ? this.config.score : score, message: first.message };
    }
    // Lists of names answer with anything (runtime-mta 13.3); RFC 5782 section 2.1 gives the answers of the others.
    const isListed = answers.some((answer) => isName || this.#listed.has(answer));
    return isListed ? { score: this.config.score, message: null } : null;
  }

  async #explain(name: string): Promise<string> {
    const answer = await this.#resolver.lookup('TXT', name);
    return answer.kind === 'records' ? answer.records.join('; ').slice(0, longestExplanation) : '';
  }
}
