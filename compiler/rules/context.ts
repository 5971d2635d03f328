import { macroDomains } from '../routing/prove/local-domains.ts';
import { RoutingModel } from '../routing/prove/model.ts';
import { AddressBook, addressesOf } from './configured-address.ts';
import type { RuleContext, RuleInput } from './rule.ts';
import { isRuledByRegexps, tableUsesOf } from './table-use.ts';
import { tlsSettingsOf } from './tls-settings.ts';

/** Runs of the router: what is not decided by then is not said. */
const mostRuns = 1500;

/** What several rules need is looked for when the first of them asks. */
export function contextOf(input: RuleInput): RuleContext {
  const { program, inventory, host } = input;
  const addresses = once(() => new AddressBook(addressesOf(program, inventory)));
  const tlsSettings = once(() => tlsSettingsOf(program, inventory));
  const tableUses = once(() => tableUsesOf(inventory));
  const routing = once(() => {
    const plan = input.plan();
    if (plan === null) return null;
    const localDomains = [...input.localDomains, ...macroDomains(input.expansion)];
    // The command line has the engine only where it must, and the editor always: both look at the same.
    const regexps = isRuledByRegexps(tableUses()) ? input.regexps : null;
    return new RoutingModel(plan, host, { regexps, localDomains, mostRuns, mergesNullSender: true });
  });
  return {
    ...input,
    get addresses() {
      return addresses();
    },
    get tlsSettings() {
      return tlsSettings();
    },
    get tableUses() {
      return tableUses();
    },
    get routing() {
      return routing();
    },
  };
}

function once<T>(find: () => T): () => T {
  let found: { readonly value: T } | null = null;
  return () => {
    found ??= { value: find() };
    return found.value;
  };
}
