import { defineModule } from '../define.ts';
import { everyDialect } from '../dialects.ts';

export const mxAuthStsPreload = defineModule({
  name: 'mx_auth.sts_preload',
  kind: 'mx_auth_policy',
  implements: ['mx_auth_policy'],
  doc: 'No longer does anything; logs a warning.',
  dialects: everyDialect,
  inlineArgs: { rule: 'ignored' },
  unknown: 'refused',
  directives: {
    source: { type: 'string', default: 'eff', doc: 'Ignored.', snippet: 'source ${1:value}' },
    enforce_testing: { type: 'bool', default: true, doc: 'Ignored.' },
  },
  deprecated: 'no-op since the list expired',
  runtime: true,
  docPage: 'targets/remote.md',
  example: `mx_auth {
    sts_preload
}`,
});
