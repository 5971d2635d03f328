import { isBarePostmaster } from '../../text/address.ts';
import { lookupDomain } from '../../text/domain.ts';
import type { Choice, RoutedModule } from '../routes.ts';
import { elsewhere, type Mentions } from './mentions.ts';
import { blocksOf, type Reach, tablesOf } from './reach.ts';

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
  /** The null sender is in the class of strangers where no rule tells it from them. */
  readonly mergesNullSender: boolean;
}

interface Candidate {
  readonly kind: AddressClass['kind'];
  readonly address: string;
  readonly local: boolean;
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
  { most, mergesNullSender }: ClassOptions,
): { readonly classes: readonly AddressClass[]; readonly complete: boolean } {
  const candidates = candidatesOf(side, mentions, localDomains);
  const marks = new Map<string, string[]>(candidates.map(({ address }) => [address, []]));
  const complete = markChoices(side, reach, marks, most) && markTables(side, reach, marks, known, most);
  const classes = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const { kind, local, address } = candidate;
    const mark = (marks.get(address) ?? []).join(' ');
    // Strangers are a class of their own, whatever happens to them.
    const group =
      kind === 'elsewhere' || (kind === 'null' && mergesNullSender) ? 'stranger' : kind === 'null' ? kind : '';
    const key = `${group} ${local} ${mark}`;
    const members = classes.get(key);
    if (members === undefined) classes.set(key, [candidate]);
    else members.push(candidate);
  }
  const found = [...classes.values()].flatMap(([first, ...more]) =>
    first === undefined
      ? []
      : [
          {
            kind: first.kind,
            representative: first.address,
            local: first.local,
            others: more.map(({ address }) => address),
          },
        ],
  );
  return { classes: found, complete };
}

function candidatesOf(
  side: 'sender' | 'recipient',
  { addresses, domains, anybody }: Mentions,
  localDomains: ReadonlySet<string>,
): readonly Candidate[] {
  const found: Candidate[] = [];
  const isLocal = (domain: string): boolean => localDomains.has(domain);
  for (const domain of elsewhere) {
    if (!domains.includes(domain)) found.push({ kind: 'elsewhere', address: `${anybody}@${domain}`, local: false });
  }
  if (side === 'sender') found.push({ kind: 'null', address: '', local: false });
  for (const domain of domains) {
    found.push({ kind: 'domain', address: `${anybody}@${domain}`, local: isLocal(domain) });
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
    found.push({ kind: 'address', address, local: bare || isLocal(lookupDomain(domain) ?? domain) });
  }
  return found;
}

/** Which block of each choice takes an address. Only those that a rule names are touched: the time is that of the rules. */
function markChoices(
  side: 'sender' | 'recipient',
  { pipelines }: Reach,
  marks: Map<string, string[]>,
  most: number,
): boolean {
  const byDomain = new Map<string, string[]>();
  for (const address of marks.keys()) {
    const domain = address.slice(address.lastIndexOf('@') + 1);
    const there = byDomain.get(domain);
    if (there === undefined) byDomain.set(domain, [address]);
    else there.push(address);
  }
  let number = 0;
  let left = most;
  const mark = <Block>({ addresses: single, domains, ruled }: Choice<Block>): void => {
    if (left < 0) return;
    number += 1;
    const numbers = new Map(ruled.map(({ block }, index) => [block, index]));
    left -= single.size;
    for (const [address, { block }] of single) marks.get(address)?.push(`${number}:${numbers.get(block)}`);
    for (const [domain, { block }] of domains) {
      left -= byDomain.get(domain)?.length ?? 1;
      if (left < 0) return;
      for (const address of byDomain.get(domain) ?? []) {
        if (!single.has(address)) marks.get(address)?.push(`${number}:${numbers.get(block)}`);
      }
    }
  };
  for (const { sources } of pipelines) {
    if (side === 'sender') mark(sources);
    else for (const { destinations } of blocksOf(sources)) mark(destinations);
  }
  return left >= 0;
}

/** What known tables say, the address itself left out: a pattern that gives `$1@example.org` treats all alike. */
function markTables(
  side: 'sender' | 'recipient',
  reach: Reach,
  marks: Map<string, string[]>,
  known: (table: RoutedModule, key: string) => readonly string[] | null,
  most: number,
): boolean {
  let left = most;
  const tables = new Set(tablesOf(reach).flatMap((use) => (use.side === side ? [use.table] : [])));
  let number = 0;
  for (const table of tables) {
    number += 1;
    for (const [address, found] of marks) {
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
      if (answer !== null) found.push(`t${number}:${answer}`);
    }
  }
  return true;
}
