import { asciiDomain, cleanDomain } from '../../compiler/text/domain.ts';

/** As domains are looked up and compared: A-labels, lower case, no final dot; null when a domain has no such form. */
export function domainKey(domain: string): string | null {
  const clean = cleanDomain(domain);
  return clean === null ? null : (asciiDomain(clean)?.replace(/\.$/, '') ?? null);
}
