import { once } from '../../../grammar/once.ts';
import { isBarePostmaster } from '../../text/address.ts';
import { lookupDomain } from '../../text/domain.ts';
import type { Choice, Pipeline, RoutedModule } from '../routes.ts';
import { elsewhere, type Mentions } from './mentions.ts';
import type { Reach } from './reach.ts';

/** Addresses that no rule and no known table tells apart. */
export interface AddressClass {
  /** `elsewhere`: any address at a domain that is not mentioned. `domain`: anybody at a mentioned domain. */
  readonly kind: 'null' | 'elsewhere' | 'domain' | 'address';
  /** One address of the class; all others fare alike. */
  readonly representative: string;
  /** At a local domain (R10), or `postmaster` alone. */
  readonly local: boolean;
  /** Other representatives of the same class, in the order of the configuration. */
  readonly others: readonly string[];
}

export interface ClassOptions {
  /** Marks that are set to tell addresses apart. */
  readonly most: number;
  /** Who is not at a local domain is in the class of strangers where no rule tells him from them, the null sender too. */
  readonly mergesUntold: boolean;
}

interface Candidate {
  /** In the order of the configuration. */
  readonly index: number;
  /** Only candidates of one group can be in one class. */
  readonly group: string;
  readonly kind: AddressClass['kind'];
  readonly address: string;
  readonly local: boolean;
}

/** Where addresses are told apart, and which are there. */
type Site = Choice<unknown> | RoutedModule;

interface Mark {
  readonly candidate: Candidate;
  readonly mark: string;
}

/** What addresses are told apart by: all rules and known tables, or those of some pipelines. */
export interface AddressClasses {
  /** False when there is too much to tell apart. */
  readonly complete: boolean;
  /** Null: all pipelines. */
  within(pipelines: Iterable<Pipeline> | null): readonly AddressClass[];
}

/**
 * Classes of senders or of recipients. Senders have the null sender as well; a bare `postmaster` can only receive.
 */
export function classify(
  side: 'sender' | 'recipient',
  mentions: Mentions,
  reach: Reach,
  localDomains: ReadonlySet<string>,
  known: (table: RoutedModule, key: string) => readonly string[] | null,
  { most, mergesUntold }: ClassOptions,
): AddressClasses {
  const candidates = candidatesOf(side, mentions, localDomains, mergesUntold);
  const groups = Map.groupBy(candidates, ({ group }) => group);
  const sites = new Map(reach.pipelines.map((pipeline) => [pipeline, sitesIn(side, pipeline, reach)]));
  const marks = new Map<Site, readonly Mark[]>();
  const complete = markChoices(sites, candidates, marks, most) && markTables(sites, candidates, marks, known, most);

  function within(pipelines: Iterable<Pipeline> | null): readonly AddressClass[] {
    const marked = new Map<Candidate, string[]>();
    const seen = new Set<Site>();
    for (const pipeline of pipelines ?? reach.pipelines) {
      for (const site of sites.get(pipeline) ?? []) {
        if (seen.has(site)) continue;
        seen.add(site);
        for (const { candidate, mark } of marks.get(site) ?? []) {
          const known = marked.get(candidate);
          if (known === undefined) marked.set(candidate, [mark]);
          else known.push(mark);
        }
      }
    }
    const alike = Map.groupBy(
      [...marked.keys()].sort((one, other) => one.index - other.index),
      (candidate) => `${candidate.group} ${marked.get(candidate)?.join(' ')}`,
    );
    // Most addresses are told apart elsewhere: they are only counted when somebody asks who they are.
    const unmarked = [...groups.values()].flatMap((group) => classesOf(group, (candidate) => !marked.has(candidate)));
    const found = [...alike.values()].flatMap((members) => classesOf(members, () => true));
    return [...found, ...unmarked].sort((one, other) => one.index - other.index).map((each) => each.class);
  }

  return { complete, within };
}

interface FoundClass {
  readonly index: number;
  readonly class: AddressClass;
}

/** Those of a group that belong together. The null sender stands for nobody else: no table is asked about it. */
function classesOf(group: readonly Candidate[], belongs: (candidate: Candidate) => boolean): FoundClass[] {
  const first = group.find(belongs);
  if (first === undefined) return [];
  if (first.kind !== 'null') return [classOf(first, () => group.filter(belongs))];
  const named = ({ kind }: Candidate): boolean => kind !== 'null';
  return [classOf(first, () => []), ...classesOf(group.filter(named), belongs)];
}

function classOf(first: Candidate, members: () => readonly Candidate[]): FoundClass {
  return { index: first.index, class: new ClassOfCandidates(first, members) };
}

class ClassOfCandidates implements AddressClass {
  readonly kind: AddressClass['kind'];
  readonly representative: string;
  readonly local: boolean;
  readonly #others: () => readonly string[];

  constructor(first: Candidate, members: () => readonly Candidate[]) {
    this.kind = first.kind;
    this.representative = first.address;
    this.local = first.local;
    this.#others = once(() => members().flatMap((each) => (each === first ? [] : [each.address])));
  }

  get others(): readonly string[] {
    return this.#others();
  }
}

function candidatesOf(
  side: 'sender' | 'recipient',
  { addresses, domains, anybody }: Mentions,
  localDomains: ReadonlySet<string>,
  mergesUntold: boolean,
): readonly Candidate[] {
  const found: Candidate[] = [];
  const add = (kind: AddressClass['kind'], address: string, local: boolean): void => {
    // Strangers are a class of their own, whatever happens to them.
    const isStranger = kind === 'elsewhere' || (mergesUntold && !local);
    const own = isStranger ? 'stranger' : kind === 'null' ? kind : '';
    found.push({ index: found.length, group: `${own} ${local}`, kind, address, local });
  };
  const isLocal = (domain: string): boolean => localDomains.has(domain);
  for (const domain of elsewhere) {
    if (!domains.includes(domain)) add('elsewhere', `${anybody}@${domain}`, false);
  }
  if (side === 'sender') add('null', '', false);
  for (const domain of domains) {
    add('domain', `${anybody}@${domain}`, isLocal(domain));
  }
  const single = new Set(addresses);
  if (side === 'recipient') {
    single.add('postmaster');
    for (const domain of localDomains) single.add(`postmaster@${domain}`);
  }
  for (const address of single) {
    const bare = isBarePostmaster(address);
    if (bare && side === 'sender') continue;
    const domain = address.slice(address.lastIndexOf('@') + 1);
    add('address', address, bare || isLocal(lookupDomain(domain) ?? domain));
  }
  return found;
}

function sitesIn(side: 'sender' | 'recipient', pipeline: Pipeline, { tables }: Reach): readonly Site[] {
  const sites: Site[] = [];
  if (side === 'sender') sites.push(pipeline.sources);
  else for (const { destinations } of pipeline.sources.blocks) sites.push(destinations);
  for (const use of tables.get(pipeline) ?? []) if (use.side === side) sites.push(use.table);
  return sites;
}

function isTable(site: Site): site is RoutedModule {
  return 'plan' in site;
}

/** Which block of each choice takes an address. Only those that a rule names are touched: the time is that of the rules. */
function markChoices(
  sites: ReadonlyMap<Pipeline, readonly Site[]>,
  candidates: readonly Candidate[],
  marks: Map<Site, readonly Mark[]>,
  most: number,
): boolean {
  const byAddress = new Map(candidates.map((candidate) => [candidate.address, candidate]));
  const byDomain = Map.groupBy(candidates, ({ address }) => address.slice(address.lastIndexOf('@') + 1));
  let number = 0;
  let left = most;
  for (const site of [...sites.values()].flat()) {
    if (isTable(site)) continue;
    const { addresses: single, domains, ruled } = site;
    number += 1;
    const found: Mark[] = [];
    marks.set(site, found);
    const numbers = once(() => new Map(ruled.map(({ block }, index) => [block, index])));
    left -= single.size;
    const markOf = (block: unknown): string => `${number}:${numbers().get(block)}`;
    for (const [address, { block }] of single) {
      const candidate = byAddress.get(address);
      if (candidate !== undefined) found.push({ candidate, mark: markOf(block) });
    }
    for (const [domain, { block }] of domains) {
      const there = byDomain.get(domain) ?? [];
      left -= Math.max(1, there.length);
      if (left < 0) return false;
      const mark = there.length > 0 ? markOf(block) : '';
      for (const candidate of there) if (!single.has(candidate.address)) found.push({ candidate, mark });
    }
    if (left < 0) return false;
  }
  return true;
}

/** What known tables say, the address itself left out: a pattern that gives `$1@example.org` treats all alike. */
function markTables(
  sites: ReadonlyMap<Pipeline, readonly Site[]>,
  candidates: readonly Candidate[],
  marks: Map<Site, readonly Mark[]>,
  known: (table: RoutedModule, key: string) => readonly string[] | null,
  most: number,
): boolean {
  let left = most;
  const tables = new Set([...sites.values()].flat().filter(isTable));
  let number = 0;
  for (const table of tables) {
    number += 1;
    const found: Mark[] = [];
    marks.set(table, found);
    for (const candidate of candidates) {
      const { address } = candidate;
      if (address === '') continue;
      left -= 1;
      if (left < 0) return false;
      const at = address.lastIndexOf('@');
      const localPart = at === -1 ? address : address.slice(0, at);
      const say = (values: readonly string[] | null): string | null =>
        values === null || values.length === 0
          ? null
          : JSON.stringify(values.map((value) => value.replaceAll(address, '%a').replaceAll(localPart, '%l')));
      const answer = say(known(table, address)) ?? say(known(table, localPart));
      if (answer !== null) found.push({ candidate, mark: `t${number}:${answer}` });
    }
  }
  return true;
}
