import { quoteLocalPart, splitAddress } from '../../text/address.ts';
import { type Lookup, noValues } from './lookup.ts';

/** `table.email_localpart`: what stands before the last `@`; `postmaster` is its own local part. */
export const emailLocalpartLookup: Lookup = (key) => {
  const parts = splitAddress(key);
  return typeof parts === 'string' ? noValues : [parts.localPart];
};

/** `table.email_localpart_optional`: a key without `@` is given back. */
export const emailLocalpartOptionalLookup: Lookup = (key) => (key.includes('@') ? emailLocalpartLookup(key) : [key]);

/** `table.email_with_domain`: the key as a local part at each domain, in order. */
export function emailWithDomainLookup(domains: readonly string[]): Lookup {
  return (key) => {
    const localPart = quoteLocalPart(key);
    return domains.map((domain) => `${localPart}@${domain}`);
  };
}

export const identityLookup: Lookup = (key) => [key];
