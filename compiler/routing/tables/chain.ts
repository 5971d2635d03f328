export interface ChainStep<Table> {
  readonly table: Table;
  readonly optional: boolean;
}

export interface ChainQuestion<Table> {
  readonly table: Table;
  readonly key: string;
}

/** Steps that multiply values must not fill the memory: an address list of this size is none of a chain's business. */
const mostValues = 20_000;

/** A chain gave more values than a message may have recipients. */
export class ChainOverflow extends Error {}

/**
 * `table.chain` (runtime-core 13): the values of a step are the keys of the next. A key that a step does not hold ends the
 * chain without a result; one that an optional step does not hold makes the whole step be skipped.
 */
export function* chainLookup<Table>(
  steps: readonly ChainStep<Table>[],
  key: string,
): Generator<ChainQuestion<Table>, readonly string[], readonly string[]> {
  let keys: readonly string[] = [key];
  for (const step of steps) {
    const values: string[] = [];
    let complete = true;
    for (const stepKey of keys) {
      const found = yield { table: step.table, key: stepKey };
      if (found.length === 0) {
        complete = false;
        break;
      }
      if (values.length + found.length > mostValues) throw new ChainOverflow('a table chain gave too many values');
      for (const value of found) values.push(value);
    }
    if (complete) keys = values;
    else if (!step.optional) return [];
  }
  return keys;
}
