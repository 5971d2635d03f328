import { asciiDomain, lookupDomain } from '../../compiler/text/domain.ts';

/** In A-labels and lower case, without a final dot, as domains are compared; null for what is no domain. */
export function domainKey(domain: string): string | null {
  const clean = lookupDomain(domain);
  const key = clean === null ? null : asciiDomain(clean);
  return key === '' ? null : key;
}
