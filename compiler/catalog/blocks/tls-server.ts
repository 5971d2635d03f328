import { defineBlock } from '../define.ts';
import { tlsTuning } from '../shared/tls.ts';

export const tlsServer = defineBlock({
  name: 'tls_server',
  doc: 'Server TLS block: the `tls` directive. Arguments: nothing, `off`, or a tls_loader module name/reference with its inline arguments; the block holds tuning directives.',
  unknown: 'refused',
  directives: {
    ...tlsTuning,
    loader: {
      type: 'module_ref',
      expects: 'tls_loader',
      doc: 'Source of certificates; replaces a loader given as argument.',
      snippet: 'loader ${1|self_signed,file,acme|}',
    },
  },
  docPage: 'tls.md',
  example: `tls file /etc/maddy/certs/fullchain.pem /etc/maddy/certs/privkey.pem {
    protocols tls1.2 tls1.3
}`,
  notes: [
    '`tls off` ignores everything else, including a block.',
    'The old form with two paths and no loader name fails: "unknown module: PATH (namespace: tls.loader)".',
    '`tls` or `tls { }` without a loader is accepted, but connections then have no certificate.',
    'A loader given in the arguments does not see the block; errors about it have no file/line.',
  ],
});
