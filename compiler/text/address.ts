import { isAscii, utf8Length } from './ascii.ts';
import { asciiDomain, cleanDomain, hasALabel, isValidDomain, lookupDomain } from './domain.ts';
import { lowerCase } from './lower-case.ts';

export interface AddressParts {
  /** With its quotes, if it has them. */
  readonly localPart: string;
  /** Empty only for `postmaster` alone. */
  readonly domain: string;
}

/** Longest valid address in bytes: 64 for the local part, 255 for the domain, and the sign between. */
const longestAddress = 320;

/** Why an address has no two parts, in maddy's words. */
export type SplitFault = 'missing at-sign' | 'empty local-part' | 'empty domain';

/** Index of the last `@`, -1 without one. Nearly all addresses have one: looking from the start is then several times as fast. */
export function lastAtSign(address: string): number {
  const first = address.indexOf('@');
  return first === -1 || address.indexOf('@', first + 1) === -1 ? first : address.lastIndexOf('@');
}

/** At the last `@`; `postmaster` alone is complete (RFC 5321 4.5.1). */
export function splitAddress(address: string): AddressParts | SplitFault {
  const at = lastAtSign(address);
  if (at === -1) return isBarePostmaster(address) ? { localPart: address, domain: '' } : 'missing at-sign';
  if (at === 0) return 'empty local-part';
  if (at === address.length - 1) return 'empty domain';
  return { localPart: address.slice(0, at), domain: address.slice(at + 1) };
}

export function isBarePostmaster(address: string): boolean {
  return address.length === 10 && address.toLowerCase() === 'postmaster';
}

/** Domain cleaned, local part untouched: what pipelines and targets see (runtime-core 20.2). Null: undecodable. */
export function cleanAddress(address: string): string | null {
  if (address === '') return '';
  const parts = splitAddress(address);
  if (typeof parts === 'string') return null;
  if (parts.domain === '') return address;
  const domain = cleanDomain(parts.domain);
  if (domain === parts.domain) return address;
  return domain === null ? null : `${parts.localPart}@${domain}`;
}

/** As rules and tables are compared: lower case, NFC, U-labels, no final dot (runtime-core 20.1). Null: undecodable. */
export function lookupAddress(address: string): string | null {
  if (isPlain(address)) return address.toLowerCase();
  if (address === '') return '';
  const parts = splitAddress(address);
  if (typeof parts === 'string') return null;
  const localPart = lookupLocalPart(parts.localPart);
  if (parts.domain === '') return localPart;
  const domain = lookupDomain(parts.domain);
  return domain === null ? null : `${localPart}@${domain}`;
}

/** Nothing but the case of its letters can change: nearly all addresses are so. */
function isPlain(address: string): boolean {
  const at = lastAtSign(address);
  const isWhole = at > 0 && at < address.length - 1 && !address.endsWith('.');
  return isWhole && isAscii(address) && !hasALabel(address);
}

export function lookupLocalPart(localPart: string): string {
  return isAscii(localPart) ? localPart.toLowerCase() : lowerCase(localPart.normalize('NFC'));
}

/** For a peer without SMTPUTF8; null when the local part is not ASCII or the domain has no A-labels (runtime-core 20.3). */
export function asciiAddress(address: string): string | null {
  const parts = splitAddress(address);
  if (typeof parts === 'string' || !isAscii(parts.localPart)) return null;
  if (parts.domain === '') return address;
  const domain = asciiDomain(parts.domain);
  if (domain === parts.domain) return address;
  return domain === null ? null : `${parts.localPart}@${domain}`;
}

/** What a table may give as an address (runtime-core 20.4). */
export function isValidAddress(address: string): boolean {
  if (utf8Length(address) > longestAddress) return false;
  const parts = splitAddress(address);
  if (typeof parts === 'string') return false;
  return isValidLocalPart(parts.localPart) && (parts.domain === '' || isValidDomain(parts.domain));
}

function isValidLocalPart(localPart: string): boolean {
  if (localPart.startsWith('"')) return /^"(?:[^"\\\0-\x1f\x7f]|\\[^\0-\x1f\x7f])*"$/.test(localPart);
  return /^[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~.\u0080-\uffff]+$/.test(localPart);
}

/** Quoted when RFC 5321 asks for it, as `table.email_with_domain` does. */
export function quoteLocalPart(localPart: string): string {
  return /[()<>[\]:;@\\," ]/.test(localPart) ? `"${localPart.replace(/[\\"]/g, '\\$&')}"` : localPart;
}
