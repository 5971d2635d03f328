import type { ConfigOf } from '../../../compiler/catalog/config-of.ts';
import type { requireTls as catalogEntry } from '../../../compiler/catalog/modules/require_tls.ts';
import type { CheckVerdict, ModuleDefinition } from '../../module.ts';
import { applyAction } from './fail-action.ts';
import { ownReply } from './own-reply.ts';

const name = 'require_tls';
const pass: CheckVerdict = { kind: 'pass' };

/** `require_tls`: the client has to encrypt. Mail that is made here came over no connection at all (runtime-mta 4.2). */
export const requireTls: ModuleDefinition<ConfigOf<typeof catalogEntry>> = {
  name,
  create({ fail_action }) {
    const reply = ownReply(name, 'fail');
    return {
      check: {
        start: ({ client }) => ({
          connection: () => (client?.tls === true ? pass : applyAction(fail_action, reply, reply.text)),
        }),
      },
    };
  },
};
