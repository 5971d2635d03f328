import { isValidAddress, splitAddress } from './address.ts';
import { lookupDomain } from './domain.ts';
import { lowerCase } from './lower-case.ts';
import { usernameCaseMapped, usernameCasePreserved } from './precis.ts';

/** Null when the name is not acceptable: authentication and policy then fail. */
export type UsernameNormalizer = (name: string) => string | null;

/** Values of `auth_map_normalize`, `auth_normalize`, `from_normalize` (runtime-core 15.2). */
export const usernameNormalizers = {
  auto: (name) => (isValidAddress(name) ? forAddress(name, usernameCaseMapped) : usernameCaseMapped(name)),
  precis_casefold_email: (name) => forAddress(name, usernameCaseMapped),
  precis_casefold: usernameCaseMapped,
  precis_email: (name) => forAddress(name, usernameCasePreserved),
  precis: usernameCasePreserved,
  casefold: lowerCase,
  noop: (name) => name,
} satisfies Record<string, UsernameNormalizer>;

export type UsernameNormalization = keyof typeof usernameNormalizers;

/** A bare `postmaster` keeps an empty domain, `postmaster@`, as maddy compares it. */
function forAddress(name: string, normalize: UsernameNormalizer): string | null {
  const parts = splitAddress(name);
  if (typeof parts === 'string') return null;
  const localPart = normalize(parts.localPart);
  const domain = lookupDomain(parts.domain);
  return localPart === null || domain === null ? null : `${localPart}@${domain}`;
}
