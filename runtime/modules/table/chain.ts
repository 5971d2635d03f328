import type { ConfigOf } from '../../../compiler/catalog/config-of.ts';
import type { tableChain } from '../../../compiler/catalog/modules/table.chain.ts';
import { drive } from '../../../compiler/routing/drive.ts';
import { chainLookup } from '../../../compiler/routing/tables/chain.ts';
import type { ModuleDefinition } from '../../module.ts';
import { tableOf } from '../../resolve.ts';

export const chain: ModuleDefinition<ConfigOf<typeof tableChain>> = {
  name: 'table.chain',
  create(config, context) {
    const steps = config.steps.map(({ table, optional }) => ({ table: tableOf(context, table), optional }));
    return { table: { lookup: (key) => drive(chainLookup(steps, key), (step) => step.table.lookup(step.key)) } };
  },
};
