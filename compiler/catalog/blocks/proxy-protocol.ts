import { defineBlock } from '../define.ts';

export const proxyProtocol = defineBlock({
  name: 'proxy_protocol',
  doc: 'proxy_protocol directive. Arguments: trusted addresses or CIDRs.',
  unknown: 'refused',
  directives: {
    trust: {
      type: 'networks',
      doc: 'Trusted addresses or CIDRs; added to the arguments.',
      snippet: 'trust ${1:127.0.0.1}',
    },
    tls: {
      type: 'tls_server',
      doc: 'TLS on the connections from the proxy.',
      snippet: 'tls ${1:&proxy_tls}',
      notes: ['Not inherited from global scope (the flag is set but no globals are passed in).'],
    },
  },
  docPage: 'endpoints/smtp.md',
  example: `proxy_protocol 10.0.0.0/8 {
    tls self_signed
}`,
});
