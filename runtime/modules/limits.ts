import type { ConfigOf } from '../../compiler/catalog/config-of.ts';
import type { limits as limitsEntry } from '../../compiler/catalog/modules/limits.ts';
import type { ModuleDefinition } from '../module.ts';

/** `limits`: those who name the same block share what it counts. */
export const limits: ModuleDefinition<ConfigOf<typeof limitsEntry>> = {
  name: 'limits',
  create: (config, { createLimits, plan }) => ({ limits: createLimits(config, plan.at) }),
};
