import { defineDirectives } from '../define.ts';

export const ldap = defineDirectives({
  tls_client: {
    type: 'tls_client',
    inheritsGlobal: true,
    doc: 'TLS settings for ldaps:// and starttls.',
    snippet: `tls_client {
    $1
}`,
  },
  urls: {
    type: 'any_strings',
    repeatable: 'accumulates',
    doc: 'Server URLs, tried in order. Repeatable (values accumulate); no argument at all is accepted.',
    snippet: 'urls ${1:ldap://127.0.0.1:389}',
  },
  bind: {
    type: 'ldap_bind',
    default: 'off',
    secretFrom: 2,
    doc: 'Credentials for searching: off, unauth [DN], plain DN PASSWORD, external.',
    snippet: 'bind ${1|off,unauth,external|}',
  },
  starttls: { type: 'bool', default: false, doc: 'Use StartTLS on ldap:// connections.' },
  connect_timeout: { type: 'duration', default: '1m', doc: 'Connection timeout.' },
  request_timeout: { type: 'duration', default: '1m', doc: 'Request timeout.' },
  dn_template: {
    type: 'string',
    doc: 'DN with {username}; excludes base_dn and filter.',
    snippet: 'dn_template ${1:"cn={username\\},ou=people,dc=example,dc=org"}',
  },
  base_dn: { type: 'string', doc: 'Search base.' },
  filter: { type: 'string', doc: 'Search filter with {username}.' },
});
