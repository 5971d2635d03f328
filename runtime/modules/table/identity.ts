import { identityLookup } from '../../../compiler/routing/tables/email.ts';
import type { ModuleDefinition } from '../../module.ts';

export const identity: ModuleDefinition<unknown> = {
  name: 'table.identity',
  create: () => ({ table: { lookup: identityLookup } }),
};
