import { defineModule } from '../define.ts';
import { everyDialect } from '../dialects.ts';

export const tlsLoaderSelfSigned = defineModule({
  name: 'tls.loader.self_signed',
  kind: 'tls_loader',
  implements: ['tls_loader'],
  doc: 'Throw-away certificate generated at start; for tests.',
  dialects: everyDialect,
  inlineArgs: {
    rule: 'positional',
    args: [
      {
        name: 'name',
        type: 'string',
        into: 'names',
        doc: 'DNS names or IP addresses put into the certificate.',
        repeated: true,
      },
    ],
    combine: 'fallback',
  },
  unknown: 'refused',
  directives: {},
  runtime: true,
  docPage: 'tls.md',
  example: 'tls self_signed localhost',
});
