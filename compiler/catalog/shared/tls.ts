import { defineDirective, defineDirectives } from '../define.ts';

export const tls = defineDirective({
  type: 'tls_server',
  required: true,
  inheritsGlobal: true,
  doc: 'Server-side TLS: `off`, or a source of certificates with its arguments, possibly with a block for tuning.',
  snippet: 'tls ${1|off,self_signed,file|}',
});

export const optionalTls = defineDirective({
  type: 'tls_server',
  inheritsGlobal: true,
  doc: 'Server-side TLS: `off`, or a source of certificates with its arguments, possibly with a block for tuning.',
  snippet: 'tls ${1|off,self_signed,file|}',
});

export const tlsTuning = defineDirectives({
  protocols: {
    type: 'tls_versions',
    whenUnset: 'TLS 1.2 or newer',
    doc: 'Minimum and maximum TLS version; one value fixes both. An empty string means the library default.',
    snippet: 'protocols ${1|tls1.2,tls1.3|} ${2|tls1.3,tls1.2|}',
    notes: ['The order of the two versions is not checked.'],
  },
  ciphers: {
    type: 'cipher_list',
    values: [
      'RSA-WITH-RC4128-SHA',
      'RSA-WITH-3DES-EDE-CBC-SHA',
      'RSA-WITH-AES128-CBC-SHA',
      'RSA-WITH-AES256-CBC-SHA',
      'RSA-WITH-AES128-CBC-SHA256',
      'RSA-WITH-AES128-GCM-SHA256',
      'RSA-WITH-AES256-GCM-SHA384',
      'ECDHE-ECDSA-WITH-RC4128-SHA',
      'ECDHE-ECDSA-WITH-AES128-CBC-SHA',
      'ECDHE-ECDSA-WITH-AES256-CBC-SHA',
      'ECDHE-RSA-WITH-RC4128-SHA',
      'ECDHE-RSA-WITH-3DES-EDE-CBC-SHA',
      'ECDHE-RSA-WITH-AES128-CBC-SHA',
      'ECDHE-RSA-WITH-AES256-CBC-SHA',
      'ECDHE-ECDSA-WITH-AES128-CBC-SHA256',
      'ECDHE-RSA-WITH-AES128-CBC-SHA256',
      'ECDHE-RSA-WITH-AES128-GCM-SHA256',
      'ECDHE-ECDSA-WITH-AES128-GCM-SHA256',
      'ECDHE-RSA-WITH-AES256-GCM-SHA384',
      'ECDHE-ECDSA-WITH-AES256-GCM-SHA384',
      'ECDHE-RSA-WITH-CHACHA20-POLY1305',
      'ECDHE-ECDSA-WITH-CHACHA20-POLY1305',
    ],
    whenUnset: "the library's own choice",
    doc: 'Cipher suites for TLS 1.2 and older (TLS 1.3 suites cannot be chosen).',
    snippet: 'ciphers ${1:ECDHE-ECDSA-WITH-AES128-GCM-SHA256}',
  },
  curves: {
    type: 'curve_list',
    values: ['p256', 'p384', 'p521', 'X25519'],
    whenUnset: "the library's own choice",
    doc: 'Key exchange curves (names are case-sensitive).',
    snippet: 'curves ${1:X25519} ${2:p256}',
  },
});
