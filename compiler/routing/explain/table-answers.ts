import type { RoutedModule } from '../routes.ts';
import type { Oracle } from './explore.ts';
import { type Suppositions, shortName } from './request.ts';
import type { KnownTables } from './tables.ts';

/** What was taken as given about a table that only a running server can ask. */
export interface TableAssumption {
  readonly table: RoutedModule;
  readonly key: string;
  /** Empty: the table does not hold the key. */
  readonly values: readonly string[];
  /** The table decides by holding the key; its values do not matter. */
  readonly decides: boolean;
}

export type Ask = (table: RoutedModule, key: string, by: string) => readonly string[];

/** What chains gave: one that two steps of another lead to is followed once, or many chains in a row would double the work. */
class ChainAnswers<Answer> {
  readonly #answers = new Map<RoutedModule, Map<string, Answer>>();

  of(table: RoutedModule, key: string, find: () => Answer): Answer {
    if (table.module !== 'table.chain') return find();
    const answers = this.#answers.get(table) ?? new Map<string, Answer>();
    this.#answers.set(table, answers);
    const known = answers.get(key);
    if (known !== undefined) return known;
    const answer = find();
    answers.set(key, answer);
    return answer;
  }
}

/** The question is whether there is a value, not which. */
function decides(by: string): boolean {
  return by.endsWith('_in');
}

/** Answers of tables: as supposed, else as they are known, else as an oracle chooses. */
export class TableAnswers {
  readonly #tables: KnownTables;
  readonly #suppositions: Suppositions;
  readonly #known = new ChainAnswers<readonly string[] | null>();
  readonly #numbers = new Map<RoutedModule, number>();
  readonly #rewritten: (table: RoutedModule) => readonly string[];

  /** `rewritten` gives the addresses that an unknown table may rewrite to, always the same of one table. */
  constructor(tables: KnownTables, suppositions: Suppositions, rewritten: (table: RoutedModule) => readonly string[]) {
    this.#tables = tables;
    this.#suppositions = suppositions;
    this.#rewritten = rewritten;
  }

  /** Null when only a running server can know. */
  known(table: RoutedModule, key: string): readonly string[] | null {
    return this.#known.of(table, key, () => {
      let isKnown = true;
      const values =
        supposedValues(this.#suppositions, table, key) ??
        this.#tables.lookup(table, key, (inner, innerKey) => {
          const found = this.known(inner, innerKey);
          if (found === null) isKnown = false;
          return found ?? [];
        });
      return isKnown ? values : null;
    });
  }

  /** For one run: what is not known branches, and is noted. */
  askedBy(oracle: Oracle, assumed: TableAssumption[]): Ask {
    const deciding = new ChainAnswers<readonly string[]>();
    const rewriting = new ChainAnswers<readonly string[]>();
    const ask: Ask = (table, key, by) =>
      (decides(by) ? deciding : rewriting).of(
        table,
        key,
        () =>
          supposedValues(this.#suppositions, table, key) ??
          this.#tables.lookup(table, key, (inner, innerKey) => ask(inner, innerKey, by)) ??
          this.#choose(oracle, assumed, table, key, by),
      );
    return ask;
  }

  /** A table that decides by holding the key branches in two; one that rewrites, into the addresses that it may give. */
  #choose(oracle: Oracle, assumed: TableAssumption[], table: RoutedModule, key: string, by: string): readonly string[] {
    const isMatch = decides(by);
    const matches = isMatch ? [[key]] : this.#rewritten(table).map((address) => [address]);
    const values = oracle.choose(`${this.#numberOf(table)} ${key}`, [[], ...matches]);
    const isNew = !assumed.some((each) => each.table === table && each.key === key);
    if (isNew) assumed.push({ table, key, values, decides: isMatch });
    return values;
  }

  /** Tables in place have no names. */
  #numberOf(table: RoutedModule): number {
    let number = this.#numbers.get(table);
    if (number === undefined) {
      number = this.#numbers.size;
      this.#numbers.set(table, number);
    }
    return number;
  }
}

export function assumptionText({ table, key, values, decides }: TableAssumption): string {
  const name = table.name ?? table.module;
  const quoted = JSON.stringify(key);
  if (values.length === 0) return `${name} does not hold ${quoted}`;
  return decides ? `${name} holds ${quoted}` : `${name} gives ${values.join(', ')} for ${quoted}`;
}

function supposedValues(suppositions: Suppositions, table: RoutedModule, key: string): readonly string[] | null {
  const { tables } = suppositions;
  const known =
    (table.name === null ? undefined : tables.get(table.name)) ??
    tables.get(table.module) ??
    tables.get(shortName(table));
  return known?.get(key) ?? null;
}
