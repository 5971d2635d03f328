import { defineModule } from '../define.ts';
import { everyDialect } from '../dialects.ts';
import { debug } from '../shared/debug.ts';

export const mxAuthDane = defineModule({
  name: 'mx_auth.dane',
  kind: 'mx_auth_policy',
  implements: ['mx_auth_policy'],
  doc: 'DANE/TLSA verification.',
  dialects: everyDialect,
  inlineArgs: { rule: 'ignored' },
  unknown: 'refused',
  directives: {
    debug,
  },
  runtime: true,
  docPage: 'targets/remote.md',
  example: `mx_auth {
    dane
}`,
});
