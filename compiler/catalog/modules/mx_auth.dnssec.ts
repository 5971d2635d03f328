import { defineModule } from '../define.ts';
import { everyDialect } from '../dialects.ts';

export const mxAuthDnssec = defineModule({
  name: 'mx_auth.dnssec',
  kind: 'mx_auth_policy',
  implements: ['mx_auth_policy'],
  doc: 'Raises the MX level when MX records are DNSSEC-signed.',
  dialects: everyDialect,
  inlineArgs: { rule: 'ignored' },
  unknown: 'refused',
  directives: {},
  runtime: true,
  docPage: 'targets/remote.md',
  example: `mx_auth {
    dnssec
}`,
});
