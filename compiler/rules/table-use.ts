import { fieldsIn, isList, isUse, type Module, moduleOf, type Use, type Value } from '../ir/ir.ts';
import { type Inventory, modulesNamed, sourcesOf } from '../ir/walk.ts';

/** A table that addresses of a message are looked up in, itself or as a step of a chain. */
export interface TableUse {
  readonly table: Module;
  /** `match`: `source_in` and `destination_in`, which look at nothing but whether there is a value. */
  readonly role: 'match' | 'rewrite' | 'prepare';
  /** Its keys are whole addresses in the form that rules compare; a step may get what an earlier one made of them. */
  readonly seesAddresses: boolean;
  /** Its values are the result; no later step sees them. */
  readonly isLast: boolean;
}

/** Each once, however many rules and chains lead to it in the same role. */
export function tableUsesOf(inventory: Inventory): readonly TableUse[] {
  const uses = new TableUses();
  for (const pipeline of inventory.pipelines) {
    for (const rule of pipeline.sourceTables) uses.follow(rule.table, 'match');
    for (const source of sourcesOf(pipeline)) {
      for (const rule of source.destinationTables) uses.follow(rule.table, 'match');
    }
  }
  for (const modifier of modulesNamed(inventory, 'modify.replace_rcpt', 'modify.replace_sender')) {
    uses.follow(modifier.config.get('table')?.value, 'rewrite');
  }
  for (const check of modulesNamed(inventory, 'check.authorize_sender')) {
    uses.follow(check.config.get('prepare_email')?.value, 'prepare');
  }
  return uses.found;
}

/** A regular expression decides where mail goes: what it matches must be known to follow mail. */
export function isRuledByRegexps(uses: readonly TableUse[]): boolean {
  return uses.some(({ table, role }) => role === 'match' && table.entry.name === 'table.regexp');
}

class TableUses {
  readonly found: TableUse[] = [];
  readonly #entered = new Map<Module, Set<string>>();

  follow(value: Value | undefined, role: TableUse['role']): void {
    const module = isUse(value) ? moduleOf(value) : undefined;
    if (module !== undefined) this.#enter({ table: module, role, seesAddresses: true, isLast: true });
  }

  #enter(use: TableUse): void {
    const { table, role, seesAddresses, isLast } = use;
    if (!this.#isNew(table, `${role} ${seesAddresses} ${isLast}`)) return;
    if (table.entry.name !== 'table.chain') {
      this.found.push(use);
      return;
    }
    const steps = stepsOf(table);
    let stepSeesAddresses = seesAddresses;
    for (const [index, step] of steps.entries()) {
      const module = moduleOf(step.table);
      if (module === undefined) continue;
      this.#enter({
        table: module,
        role,
        seesAddresses: stepSeesAddresses,
        isLast: isLast && index === steps.length - 1,
      });
      // Optional steps that have no value leave the key as it is; the others give what they like.
      stepSeesAddresses &&= step.optional || module.entry.name === 'table.identity';
    }
  }

  #isNew(table: Module, way: string): boolean {
    const ways = this.#entered.get(table) ?? new Set<string>();
    this.#entered.set(table, ways);
    const isNew = !ways.has(way);
    ways.add(way);
    return isNew;
  }
}

export interface ChainStepUse {
  readonly table: Use;
  readonly optional: boolean;
}

export function stepsOf(chain: Module): readonly ChainStepUse[] {
  const steps = chain.config.get('steps')?.value;
  if (!isList(steps)) return [];
  return steps.flatMap((step) => {
    const { table, optional } = fieldsIn(step) ?? {};
    return isUse(table) ? [{ table, optional: optional === true }] : [];
  });
}
