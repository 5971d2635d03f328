import { getDomain } from 'tldts';

/** Private suffixes count: who rents a name under one is an organisation of its own. */
const options = { allowPrivateDomains: true, detectIp: false, extractHostname: false, validateHostname: false };

/** The organisational domain of a name by the Public Suffix List; null for a public suffix itself. */
export function organizationalDomain(domain: string): string | null {
  return getDomain(domain, options);
}
