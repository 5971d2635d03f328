import { addressesOf } from './configured-address.ts';
import type { RuleContext, RuleInput } from './rule.ts';
import { tableUsesOf } from './table-use.ts';
import { tlsSettingsOf } from './tls-settings.ts';

/** What several rules need is looked for when the first of them asks. */
export function contextOf(input: RuleInput): RuleContext {
  const { program, inventory } = input;
  const addresses = once(() => addressesOf(program, inventory));
  const tlsSettings = once(() => tlsSettingsOf(program, inventory));
  const tableUses = once(() => tableUsesOf(inventory));
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
  };
}

function once<T>(find: () => T): () => T {
  let found: { readonly value: T } | null = null;
  return () => {
    found ??= { value: find() };
    return found.value;
  };
}
