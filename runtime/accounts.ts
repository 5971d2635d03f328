import type { Plan, PlanModule } from '../compiler/plan/plan.ts';
import { directoriesOf, prepareDirectories } from './directories.ts';
import { StubResolver } from './dns/resolver.ts';
import { Instances } from './instances.ts';
import { createLimits } from './limits/limits.ts';
import type { Accounts } from './module.ts';
import { monotonicTime } from './monotonic-time.ts';
import { createLogger } from './observe/line-logger.ts';
import { Metrics } from './observe/metrics.ts';
import type { LogOutput } from './observe/output.ts';

export type { Accounts };

export class UnknownBlockError extends Error {}

/** What the module gets to end its work, in milliseconds. */
const stopTime = 1_000;

/** The accounts of one block of a plan, while no server of ours is needed. */
export interface OpenAccounts {
  readonly accounts: Accounts;
  /** Registered name of the block's module. */
  readonly module: string;
  close(): Promise<void>;
}

/**
 * Opens a block that keeps passwords, and nothing else of the plan. Throws UnknownBlockError, and Error for a block whose
 * accounts cannot be managed here.
 */
export async function openAccounts(plan: Plan, name: string, output: LogOutput): Promise<OpenAccounts> {
  const block = plan.blocks[name];
  if (block === undefined) throw new UnknownBlockError(`unknown configuration block: ${name}`);
  const directories = directoriesOf(plan);
  prepareDirectories(directories);
  const resolver = new StubResolver(null);
  const instances = await Instances.load({
    metrics: new Metrics(),
    createLimits,
    keepsQueues: true,
    resolver,
    plan: { ...plan, globals: {}, endpoints: [], blocks: neededFor(name, plan) },
    ...directories,
    logFor: (module, debug) => createLogger({ output, name: module, debug }),
  });
  const instance = instances.resolve({ use: name, at: block.at });
  const close = async (): Promise<void> => {
    await instances.stop(monotonicTime() + stopTime);
    resolver.close();
  };
  if (instance.accounts === undefined) {
    await close();
    throw new Error(`${block.module}: ${unmanageable(block)}`);
  }
  return { accounts: instance.accounts, module: block.module, close };
}

function unmanageable({ module }: PlanModule): string {
  return module === 'auth.pass_table'
    ? 'table is not mutable, no management functionality available'
    : 'its accounts are not kept here: no management functionality available';
}

/** The block and all that it refers to. */
function neededFor(name: string, plan: Plan): Plan['blocks'] {
  const needed: Record<string, PlanModule> = {};
  const add = (block: string): void => {
    const module = plan.blocks[block];
    if (module === undefined || Object.hasOwn(needed, block)) return;
    needed[block] = module;
    for (const reference of referencesIn(module)) add(reference);
  };
  add(name);
  return needed;
}

function referencesIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('use' in value && typeof value.use === 'string') return [value.use];
  return Object.values(value).flatMap(referencesIn);
}
