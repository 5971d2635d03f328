import { type Lookup, noValues } from './lookup.ts';

export interface FileTable {
  readonly entries: ReadonlyMap<string, readonly string[]>;
  /** First line (from 1) that is not an entry; then there are no entries at all, and a running server keeps its old ones. */
  readonly faultyLine: number | null;
}

export const emptyFileTable: FileTable = { entries: new Map(), faultyLine: null };

/** `KEY: VALUE, VALUE` lines (runtime-core 13): no quoting, no escapes, `#` only in the first column. */
export function parseFileTable(text: string): FileTable {
  const entries = new Map<string, string[]>();
  let number = 0;
  for (const line of text.split('\n')) {
    number += 1;
    if (line.startsWith('#') || line.trim() === '') continue;
    const colon = line.indexOf(':');
    const key = (colon === -1 ? line : line.slice(0, colon)).trim();
    if (key === '') return { entries: new Map(), faultyLine: number };
    const values =
      colon === -1
        ? ['']
        : line
            .slice(colon + 1)
            .split(',')
            .map((value) => value.trim());
    const known = entries.get(key);
    if (known === undefined) entries.set(key, values);
    else for (const value of values) known.push(value);
  }
  return { entries, faultyLine: null };
}

export function fileLookup(table: FileTable): Lookup {
  return (key) => table.entries.get(key) ?? noValues;
}
