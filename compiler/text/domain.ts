import { decode, encode } from 'punycode/punycode.es6.js';
import { isAscii, utf8Length } from './ascii.ts';
import { lowerCase } from './lower-case.ts';

const acePrefix = 'xn--';
const longestDomain = 255;
const longestLabel = 64;

/** Lower-case, NFC, U-labels; a final dot stays. Null when an A-label cannot be decoded (runtime-core 20.2). */
export function cleanDomain(domain: string): string | null {
  if (isAscii(domain) && !hasALabel(domain)) return domain.toLowerCase();
  const decoded = unicodeDomain(domain);
  return decoded === null ? null : lowerCase(decoded.normalize('NFC'));
}

/** As rules and tables are compared: clean, and without one final dot (runtime-core 20.1). */
export function lookupDomain(domain: string): string | null {
  const clean = cleanDomain(domain);
  return clean?.endsWith('.') ? clean.slice(0, -1) : clean;
}

/** A-labels become U-labels; the prefix is only known in lower case, as in maddy. Null when a label cannot be decoded. */
export function unicodeDomain(domain: string): string | null {
  if (!hasALabel(domain)) return domain;
  return mapLabels(domain, (label) => (label.startsWith(acePrefix) ? decode(label.slice(acePrefix.length)) : label));
}

/** Whether a label may be one that stands for others (RFC 5890). */
export function hasALabel(domain: string): boolean {
  return domain.includes(acePrefix);
}

/** U-labels become A-labels; all others stay as they are. Null when the domain cannot be encoded (runtime-core 20.3). */
export function asciiDomain(domain: string): string | null {
  if (isAscii(domain) && !hasALabel(domain)) return domain;
  return mapLabels(domain, (label) => {
    if (!isAscii(label)) return acePrefix + encode(label);
    if (label.startsWith(acePrefix)) decode(label.slice(acePrefix.length));
    return label;
  });
}

/** As a rule of `source` or `destination` must be (runtime-core 20.4). */
export function isValidDomain(domain: string): boolean {
  if (domain === '' || domain.startsWith('.') || domain.includes('..') || utf8Length(domain) > longestDomain) {
    return false;
  }
  if (domain.length <= longestLabel && asciiDomain(domain) === domain) return true;
  const labels = asciiDomain(domain)?.split('.');
  return labels?.every((label) => label.length <= longestLabel) ?? false;
}

function mapLabels(domain: string, map: (label: string) => string): string | null {
  try {
    return domain.split('.').map(map).join('.');
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
