import { defineDirective } from '../define.ts';
import { maddyOnly } from '../dialects.ts';

/** What all DNS providers for ACME share. */
export const dnsProvider = {
  kind: 'libdns',
  implements: ['dns_provider'],
  doc: 'DNS provider for the ACME DNS-01 challenge.',
  dialects: maddyOnly,
  inlineArgs: { rule: 'ignored' },
  unknown: 'refused',
  runtime: false,
  docPage: 'tls-acme.md',
} as const;

export const apiToken = defineDirective({ type: 'string', secretFrom: 0, doc: 'API token.' });
