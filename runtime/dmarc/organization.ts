import { getDomain } from 'tldts';

/** Private suffixes count: who rents a name under one is an organisation of its own. */
const options = { allowPrivateDomains: true, detectIp: false, extractHostname: false, validateHostname: false };

/** The organisational domain by the Public Suffix List (RFC 7489 section 3.2); null for a public suffix itself. */
export function organizationOf(domain: string): string | null {
  return getDomain(domain.toLowerCase(), options);
}
