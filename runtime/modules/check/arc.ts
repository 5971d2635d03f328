import type { ConfigOf } from '../../../compiler/catalog/config-of.ts';
import type { checkArc } from '../../../compiler/catalog/modules/check.arc.ts';
import { verifyChain } from '../../arc/verify.ts';
import type { ModuleDefinition } from '../../module.ts';

/** `check.arc`: tells whether what forwarders have sealed is whole (RFC 8617). Whom to believe is for readers of the result. */
export const arc: ModuleDefinition<ConfigOf<typeof checkArc>> = {
  name: 'check.arc',
  create: (_, { resolver }) => ({
    check: {
      start: () => ({
        body: async (message) => {
          const { value, reason } = await verifyChain(message, resolver, Math.floor(Date.now() / 1000));
          return { kind: 'pass', authResults: [{ method: 'arc', value, reason, properties: {} }] };
        },
      }),
    },
  }),
};
