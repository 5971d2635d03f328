import { type Lookup, noValues } from './lookup.ts';

export interface StaticEntry {
  readonly key: string;
  readonly values: readonly string[];
}

/** `table.static`: a later entry for the same key replaces the earlier one. */
export function staticLookup(entries: readonly StaticEntry[]): Lookup {
  const values = new Map(entries.map((entry) => [entry.key, entry.values]));
  return (key) => values.get(key) ?? noValues;
}
