import { defineModule } from '../define.ts';
import { everyDialect } from '../dialects.ts';
import { debug } from '../shared/debug.ts';

export const mxAuth = defineModule({
  name: 'mx_auth',
  kind: 'group',
  implements: ['mx_auth_group'],
  doc: 'Group of MX policies for target.remote; also created by its mx_auth directive.',
  dialects: everyDialect,
  inlineArgs: { rule: 'ignored' },
  unknown: {
    modules: 'mx_auth_policy',
    into: 'members',
    doc: 'Each other directive is a policy module.',
    snippet: '${1|dane,mtasts,dnssec,local_policy|}',
  },
  directives: {
    debug,
  },
  rules: [{ check: 'policies-once' }],
  runtime: true,
  docPage: 'targets/remote.md',
  example: `mx_auth strict {
    dane
    local_policy {
        min_tls_level authenticated
    }
}`,
  notes: [
    'Order in the file does not matter: policies are applied as mtasts, sts_preload, dane, dnssec, local_policy.',
    'Policies under other names (for example mx_auth.dane spelled with its namespace) are accepted but never applied.',
  ],
});
