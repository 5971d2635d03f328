import { noValues } from '../../compiler/routing/tables/lookup.ts';
import type { Delivery, ModuleDefinition } from '../module.ts';

const delivery: Delivery = {
  addRecipient: () => {},
  body: async () => {},
  commit: async () => {},
  abort: async () => {},
};

/** `dummy`: takes all mail and forgets it, accepts every login, has no values for any key. */
export const dummy: ModuleDefinition<unknown> = {
  name: 'dummy',
  create: () => ({
    target: { start: () => delivery },
    auth: { authenticate: async () => ({ kind: 'accepted' }) },
    table: { lookup: () => noValues },
  }),
};
