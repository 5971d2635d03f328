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

export function tableUsesOf(inventory: Inventory): readonly TableUse[] {
  const found: TableUse[] = [];
  for (const pipeline of inventory.pipelines) {
    for (const rule of pipeline.sourceTables) follow(rule.table, 'match', found);
    for (const source of sourcesOf(pipeline)) {
      for (const rule of source.destinationTables) follow(rule.table, 'match', found);
    }
  }
  for (const modifier of modulesNamed(inventory, 'modify.replace_rcpt', 'modify.replace_sender')) {
    follow(modifier.config.get('table')?.value, 'rewrite', found);
  }
  for (const check of modulesNamed(inventory, 'check.authorize_sender')) {
    follow(check.config.get('prepare_email')?.value, 'prepare', found);
  }
  return found;
}

/** A regular expression decides where mail goes: what it matches must be known to follow mail. */
export function isRuledByRegexps(uses: readonly TableUse[]): boolean {
  return uses.some(({ table, role }) => role === 'match' && table.entry.name === 'table.regexp');
}

function follow(value: Value | undefined, role: TableUse['role'], found: TableUse[]): void {
  const module = isUse(value) ? moduleOf(value) : undefined;
  if (module !== undefined) enter(module, { role, seesAddresses: true, isLast: true }, new Set(), found);
}

function enter(table: Module, use: Omit<TableUse, 'table'>, entered: ReadonlySet<Module>, found: TableUse[]): void {
  if (table.entry.name !== 'table.chain') {
    found.push({ table, ...use });
    return;
  }
  if (entered.has(table)) return;
  const within = new Set([...entered, table]);
  const steps = stepsOf(table);
  let { seesAddresses } = use;
  for (const [index, step] of steps.entries()) {
    const module = moduleOf(step.table);
    if (module === undefined) continue;
    enter(module, { role: use.role, seesAddresses, isLast: use.isLast && index === steps.length - 1 }, within, found);
    // Optional steps that have no value leave the key as it is; the others give what they like.
    seesAddresses &&= step.optional || module.entry.name === 'table.identity';
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
