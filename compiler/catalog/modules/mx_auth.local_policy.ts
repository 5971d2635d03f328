import { defineModule } from '../define.ts';
import { everyDialect } from '../dialects.ts';

export const mxAuthLocalPolicy = defineModule({
  name: 'mx_auth.local_policy',
  kind: 'mx_auth_policy',
  implements: ['mx_auth_policy'],
  doc: 'Minimum TLS and MX levels required for delivery.',
  dialects: everyDialect,
  inlineArgs: { rule: 'ignored' },
  unknown: 'refused',
  directives: {
    min_tls_level: {
      type: 'enum',
      values: ['none', 'encrypted', 'authenticated'],
      default: 'encrypted',
      doc: 'Lowest acceptable TLS level.',
    },
    min_mx_level: {
      type: 'enum',
      values: ['none', 'mtasts', 'dnssec'],
      default: 'none',
      doc: 'Lowest acceptable MX level.',
    },
  },
  runtime: true,
  docPage: 'targets/remote.md',
  example: `mx_auth {
    local_policy {
        min_tls_level encrypted
        min_mx_level none
    }
}`,
});
