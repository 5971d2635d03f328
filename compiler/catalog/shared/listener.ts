import { defineDirective } from '../define.ts';

export const insecureAuth = defineDirective({
  type: 'bool',
  default: false,
  doc: 'Permit authentication without TLS. Forced on when TLS is disabled.',
});

export const ioDebug = defineDirective({
  type: 'bool',
  default: false,
  doc: 'Log the whole protocol dialogue, passwords included.',
});

export const proxyProtocol = defineDirective({
  type: 'proxy_protocol',
  doc: 'Expect a HAProxy PROXY protocol header (v1 or v2) on accepted connections. Arguments are trusted source addresses or CIDRs; with none, any peer is trusted. UNIX socket peers are always trusted.',
  snippet: 'proxy_protocol ${1:127.0.0.1}',
  notes: [
    'An address without a prefix length gets /32 even when it is IPv6, so a bare ::1 trusts the whole ::/32 network; write /128 explicitly.',
  ],
});
