import { defineModule } from '../define.ts';
import { everyDialect } from '../dialects.ts';

export const mxAuthMtasts = defineModule({
  name: 'mx_auth.mtasts',
  kind: 'mx_auth_policy',
  implements: ['mx_auth_policy'],
  doc: 'MTA-STS policies.',
  dialects: everyDialect,
  inlineArgs: { rule: 'ignored' },
  unknown: 'refused',
  directives: {
    cache: { type: 'enum', values: ['ram', 'fs'], default: 'fs', doc: 'Cache type.' },
    fs_dir: {
      type: 'string',
      default: 'mtasts_cache',
      doc: 'Cache directory (under state_dir).',
      snippet: 'fs_dir ${1:mtasts_cache}',
    },
  },
  runtime: true,
  docPage: 'targets/remote.md',
  example: `mx_auth {
    mtasts {
        cache fs
        fs_dir mtasts_cache/
    }
}`,
  notes: ['No debug directive.'],
});
