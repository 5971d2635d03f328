import { defineModule } from '../define.ts';
import { everyDialect } from '../dialects.ts';

export const tlsLoaderFile = defineModule({
  name: 'tls.loader.file',
  kind: 'tls_loader',
  implements: ['tls_loader'],
  doc: 'Certificates and keys from PEM files, checked for changes every minute.',
  dialects: everyDialect,
  inlineArgs: {
    rule: 'positional',
    args: [
      { name: 'cert', type: 'string', into: 'certs', doc: 'Certificate file.', repeated: true },
      { name: 'key', type: 'string', into: 'keys', doc: 'Key file; pairs may repeat.', repeated: true },
    ],
    combine: 'pairs',
    clash: 'tls.loader.file: odd amount of arguments',
  },
  unknown: 'refused',
  directives: {
    certs: { type: 'string_list', doc: 'Certificate files.', snippet: 'certs ${1:/etc/maddy/certs/fullchain.pem}' },
    keys: {
      type: 'string_list',
      doc: 'Key files, in the order of certs.',
      snippet: 'keys ${1:/etc/maddy/certs/privkey.pem}',
    },
  },
  rules: [{ check: 'certificates' }],
  runtime: true,
  docPage: 'tls.md',
  example: 'tls file /etc/maddy/certs/fullchain.pem /etc/maddy/certs/privkey.pem',
  notes: ['Certificate paths must be absolute (keys need not be).', 'Files are read at load time.'],
});
