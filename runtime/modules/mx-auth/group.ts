import type { ConfigOf } from '../../../compiler/catalog/config-of.ts';
import type { mxAuth as mxAuthEntry } from '../../../compiler/catalog/modules/mx_auth.ts';
import type { ModuleDefinition } from '../../module.ts';
import { policyOrder } from '../../remote/policy.ts';

/** `mx_auth`: its policies in the order in which they are applied, which is not that of the file (runtime-mta 6). */
export const mxAuth: ModuleDefinition<ConfigOf<typeof mxAuthEntry>> = {
  name: 'mx_auth',
  create(config, context) {
    const members = config.members.flatMap((use) => context.resolve(use).mxPolicies ?? []);
    return { mxPolicies: policyOrder.flatMap((name) => members.filter((policy) => policy.name === name)) };
  },
};
