import type { ConfigOf } from '../../../compiler/catalog/config-of.ts';
import type { tableStatic } from '../../../compiler/catalog/modules/table.static.ts';
import { staticLookup } from '../../../compiler/routing/tables/static.ts';
import type { ModuleDefinition } from '../../module.ts';

export const staticTable: ModuleDefinition<ConfigOf<typeof tableStatic>> = {
  name: 'table.static',
  create: ({ entries }) => ({ table: { lookup: staticLookup(entries) } }),
};
