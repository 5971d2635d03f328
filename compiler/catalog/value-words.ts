import type { TypeName } from './define.ts';

/** How messages and reference pages speak of the values of a type. */
export interface ValueWords {
  /** With its article: "a duration". */
  readonly a: string;
  /** What is accepted, after "is": "numbers with units". */
  readonly forms: string;
  readonly example: string;
  /** What the directive takes: "one value". */
  readonly takes: string;
}

const one = 'one value';
const some = 'at least one value';

export const valueWords: { readonly [T in TypeName]: ValueWords } = {
  bool: {
    a: 'yes or no',
    forms: 'also written on or off, true or false, 1 or 0',
    example: 'yes',
    takes: 'yes, no or nothing',
  },
  int: { a: 'a whole number', forms: 'digits, without a unit', example: '10', takes: one },
  float: { a: 'a number', forms: 'digits, with a point for fractions', example: '1.25', takes: one },
  string: { a: 'a text', forms: 'one word, or a text in double quotes', example: '"some text"', takes: one },
  string_list: { a: 'a list of texts', forms: 'words separated by blanks', example: 'one two', takes: some },
  any_strings: {
    a: 'a list of texts',
    forms: 'words separated by blanks',
    example: 'one two',
    takes: 'any number of values',
  },
  duration: {
    a: 'a duration',
    forms: 'numbers with units: h, m, s, ms, us, ns, one after the other',
    example: '1h30m',
    takes: one,
  },
  datasize: { a: 'a size', forms: 'a number with a unit: G, M, K or B', example: '32M', takes: one },
  endpoint: {
    a: 'an address',
    forms: 'tcp://HOST:PORT, tls://HOST:PORT or unix://PATH',
    example: 'tcp://127.0.0.1:25',
    takes: 'one address',
  },
  endpoint_list: {
    a: 'an address',
    forms: 'tcp://HOST:PORT, tls://HOST:PORT or unix://PATH',
    example: 'unix:///run/dovecot/lmtp',
    takes: 'at least one address',
  },
  networks: {
    a: 'an IP address or network',
    forms: 'an IP address, or a network as ADDRESS/BITS',
    example: '10.0.0.0/8',
    takes: 'at least one address or network',
  },
  flag: { a: 'nothing', forms: 'nothing', example: '', takes: 'no value' },
  module_ref: {
    a: 'a module',
    forms: 'a module with its arguments, or &NAME of a block',
    example: '&name',
    takes: 'a module',
  },
  fail_action: {
    a: 'an action',
    forms: 'ignore, quarantine or reject, the latter two possibly with CODE, ENHANCED CODE and TEXT',
    example: 'reject 550 5.7.1 "Not here"',
    takes: 'an action',
  },
  command_code: {
    a: 'an exit code with an action',
    forms: 'a number, then ignore, quarantine or reject',
    example: '1 reject',
    takes: 'an exit code and an action',
  },
  reply: {
    a: 'a reply',
    forms: 'a code from 400 to 599, an enhanced code and a text',
    example: '550 5.1.1 "No such user"',
    takes: 'CODE, ENHANCED CODE and TEXT, of which the last ones may be left out',
  },
  limit: {
    a: 'a limit',
    forms: 'rate COUNT [PERIOD], or concurrency COUNT',
    example: 'rate 20 1s',
    takes: 'a kind of limit and its values',
  },
  tls_versions: {
    a: 'a TLS version',
    forms: 'tls1.0, tls1.1, tls1.2 or tls1.3',
    example: 'tls1.2 tls1.3',
    takes: 'a version, or the lowest and the highest one',
  },
  buffer: {
    a: 'a buffer mode',
    forms: 'ram, fs [DIRECTORY] or auto [SIZE [DIRECTORY]]',
    example: 'auto 1M',
    takes: 'a mode with its values',
  },
  smtp_client_auth: {
    a: 'a way to log in',
    forms: 'off, forward, external, plain USER PASSWORD or login USER PASSWORD',
    example: 'plain maddy {env:RELAY_PASSWORD}',
    takes: 'a mechanism with its values',
  },
  static_entry: {
    a: 'an entry',
    forms: 'a key and at least one value',
    example: 'postmaster admin@example.org',
    takes: 'a key and at least one value',
  },
  ldap_bind: {
    a: 'a way to log in',
    forms: 'off, unauth [DN], plain DN PASSWORD or external',
    example: 'plain "cn=maddy" {env:LDAP_PASSWORD}',
    takes: 'a mechanism with its values',
  },
  compression: {
    a: 'a compression',
    forms: 'off, zstd [LEVEL] or lz4 [LEVEL]',
    example: 'zstd 3',
    takes: 'an algorithm, possibly with a level',
  },
  log_targets: {
    a: 'a log target',
    forms: 'stderr, stderr_ts, syslog, off or a file',
    example: 'stderr /var/log/maddy.log',
    takes: 'at least one target',
  },
  block_name: {
    a: 'the name of a block',
    forms: 'the name of a block, without &',
    example: 'local_mailboxes',
    takes: one,
  },
  enum: { a: 'one of the known words', forms: 'one of the known words', example: '', takes: 'one word' },
  cipher_list: {
    a: 'a cipher suite',
    forms: 'names separated by blanks',
    example: 'ECDHE-RSA-WITH-AES128-GCM-SHA256',
    takes: 'at least one name',
  },
  curve_list: { a: 'a curve', forms: 'names separated by blanks', example: 'X25519 p256', takes: 'at least one name' },
  tls_server: {
    a: 'TLS settings',
    forms: 'off, a source of certificates with its arguments, or a block',
    example: 'file /etc/ssl/mx.pem /etc/ssl/mx.key',
    takes: 'a source of certificates',
  },
  tls_client: { a: 'TLS settings', forms: 'a block', example: '{ … }', takes: 'a block' },
  proxy_protocol: {
    a: 'trusted proxies',
    forms: 'IP addresses and networks, and a block',
    example: '10.0.0.0/8',
    takes: 'trusted addresses',
  },
  dnsbl_list: { a: 'a DNS list', forms: 'zones and a block', example: 'bl.example.org { … }', takes: 'zones' },
  dnsbl_response: {
    a: 'an answer of a DNS list',
    forms: 'addresses and a block',
    example: '127.0.0.2 { score 1 }',
    takes: 'at least one address',
  },
  pipeline: { a: 'a message pipeline', forms: 'a block', example: '{ … }', takes: 'a block' },
};
