import { defineBlock } from '../define.ts';
import { tlsTuning } from '../shared/tls.ts';

export const tlsClient = defineBlock({
  name: 'tls_client',
  doc: 'Client TLS block: the `tls_client` directive. Arguments are ignored.',
  unknown: 'refused',
  directives: {
    ...tlsTuning,
    root_ca: {
      type: 'string_list',
      doc: 'CA files to trust instead of the system store.',
      snippet: 'root_ca ${1:/etc/ssl/ca.pem}',
    },
    cert: { type: 'string', doc: 'Client certificate file; used only together with key.' },
    key: { type: 'string', doc: 'Client key file; used only together with cert.' },
  },
  docPage: 'tls.md',
  example: `tls_client {
    root_ca /etc/ssl/private-ca.pem
}`,
  notes: ['Arguments on the tls_client line are ignored.'],
});
