import { lookupAddress } from '../../text/address.ts';
import { lookupDomain } from '../../text/domain.ts';
import { isFields, textsAt } from '../plan-values.ts';
import type { Choice, RoutedModule, Routes } from '../routes.ts';
import type { Reach } from './reach.ts';

/** A local part that hardly any configuration mentions; see `Mentions.anybody`. */
export const anybody = 'anybody';
/** Domains that no configuration mentions: the first is reserved (RFC 2606); the others are told apart by patterns only. */
export const elsewhere: readonly string[] = ['elsewhere.invalid', 'elsewhere.com', 'elsewhere.net', 'elsewhere.org'];

/** What a configuration can tell apart, all in lookup form. */
export interface Mentions {
  /** Whole addresses, and `postmaster`. */
  readonly addresses: readonly string[];
  readonly domains: readonly string[];
  /** A local part that is not mentioned. */
  readonly anybody: string;
  /** False when there are more than were taken. */
  readonly complete: boolean;
}

/** Entries of one table that are looked at. */
const mostEntries = 500;

/** Addresses and domains in rules, in tables whose content is known, and in the words that tables are made with. */
export function mentionsOf(
  reach: Reach,
  routes: Routes,
  entriesOf: (table: RoutedModule) => Iterable<readonly [key: string, values: readonly string[]]>,
  localDomains: readonly string[],
  most: number,
): Mentions {
  const addresses = new Set<string>();
  const domains = new Set<string>(localDomains);
  const add = (text: string): void => {
    const address = lookupAddress(text);
    if (address !== null && address !== '') {
      addresses.add(address);
      const domain = address.slice(address.lastIndexOf('@') + 1);
      if (address.includes('@')) domains.add(domain);
      return;
    }
    const domain = text.includes('.') && !text.includes('@') ? lookupDomain(text) : null;
    if (domain !== null && domain !== '') domains.add(domain);
    // A local part, as tables that rewrite may have it as a key.
    else if (text !== '' && !text.includes('@')) for (const local of localDomains.slice(0, 1)) add(`${text}@${local}`);
  };
  const addRules = (choice: Choice<unknown>): void => {
    for (const address of choice.addresses.keys()) add(address);
    for (const domain of choice.domains.keys()) domains.add(domain);
  };
  for (const { sources } of reach.pipelines) {
    addRules(sources);
    for (const { destinations } of sources.blocks) addRules(destinations);
  }
  const seen = new Set<RoutedModule>();
  const visit = (table: RoutedModule): void => {
    if (seen.has(table)) return;
    seen.add(table);
    for (const domain of textsAt(table.plan.config, 'domains') ?? []) add(domain);
    const { steps } = table.plan.config;
    if (Array.isArray(steps)) {
      for (const step of steps) {
        const inner = isFields(step) ? routes.moduleOf(step.table) : null;
        if (inner !== null) visit(inner);
      }
    }
    let left = mostEntries;
    for (const [key, values] of entriesOf(table)) {
      if (left-- === 0) break;
      add(key);
      for (const value of values) if (value.includes('@')) add(value);
    }
  };
  for (const uses of reach.tables.values()) for (const { table } of uses) visit(table);
  const complete = addresses.size <= most && domains.size <= most;
  return {
    addresses: [...addresses].slice(0, most),
    domains: [...domains].slice(0, most),
    anybody: unmentioned(addresses),
    complete,
  };
}

function unmentioned(addresses: Iterable<string>): string {
  const localParts = new Set<string>();
  for (const address of addresses) localParts.add(address.slice(0, Math.max(0, address.lastIndexOf('@'))));
  let name = anybody;
  for (let number = 2; localParts.has(name); number += 1) name = `${anybody}${number}`;
  return name;
}
