import { quoteAsGo } from './go-quote.ts';

export type ParsedAddress =
  | { readonly version: 4 | 6 }
  /** What is wrong, in the words of Go's address parser. */
  | { readonly fault: string };

/** An IP address in text, IPv6 possibly with a zone. maddy shows the parser's own words, so each step has them. */
export function parseIpAddress(text: string): ParsedAddress {
  const fault = (reason: string, at: string = ''): ParsedAddress => {
    const place = at === '' ? '' : ` (at ${quoteAsGo(at)})`;
    return { fault: `ParseAddr(${quoteAsGo(text)}): ${reason}${place}` };
  };
  const first = /[.:%]/.exec(text)?.[0];
  if (first === undefined) return fault('unable to parse IP');
  if (first === '%') return fault('missing IPv6 address');
  if (first === '.') return ipv4Fault(text, fault) ?? { version: 4 };
  return parseIpv6(text, fault);
}

type Fault = (reason: string, at?: string) => ParsedAddress;

function ipv4Fault(text: string, fault: Fault): ParsedAddress | null {
  let octet = '';
  let dots = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (/\d/.test(character)) {
      if (octet === '0') return fault('IPv4 field has octet with leading zero');
      octet += character;
      if (Number(octet) > 255) return fault('IPv4 field has value >255');
    } else if (character !== '.') return fault('unexpected character', text.slice(at));
    else {
      if (at === 0 || at === text.length - 1 || text.charAt(at - 1) === '.') {
        return fault('IPv4 field must have at least one digit', text.slice(at));
      }
      if (dots === 3) return fault('IPv4 address too long');
      dots += 1;
      octet = '';
    }
  }
  return dots < 3 ? fault('IPv4 address too short') : null;
}

const GROUPS = 8;

function parseIpv6(text: string, fault: Fault): ParsedAddress {
  const percent = text.indexOf('%');
  if (percent === text.length - 1) return fault('zone must be a non-empty string');
  let rest = percent === -1 ? text : text.slice(0, percent);
  let hasEllipsis = rest.startsWith('::');
  if (hasEllipsis) rest = rest.slice(2);
  if (rest === '' && hasEllipsis) return { version: 6 };
  let groups = 0;
  while (groups < GROUPS) {
    const digits = /^[\da-fA-F]*/.exec(rest)?.[0] ?? '';
    if (digits.length > 4) return fault('each group must have 4 or less digits', rest);
    if (digits === '') return fault('each colon-separated field must have at least one digit', rest);
    if (rest.charAt(digits.length) === '.') {
      if (!hasEllipsis && groups !== GROUPS - 2) {
        return fault('embedded IPv4 address must replace the final 2 fields of the address', rest);
      }
      if (groups + 2 > GROUPS) {
        return fault('too many hex fields to fit an embedded IPv4 at the end of the address', rest);
      }
      const wrong = ipv4Fault(rest, fault);
      if (wrong !== null) return wrong;
      groups += 2;
      rest = '';
      break;
    }
    groups += 1;
    rest = rest.slice(digits.length);
    if (rest === '') break;
    if (!rest.startsWith(':')) return fault('unexpected character, want colon', rest);
    if (rest === ':') return fault('colon must be followed by more characters', rest);
    rest = rest.slice(1);
    if (rest.startsWith(':')) {
      if (hasEllipsis) return fault('multiple :: in address', rest);
      hasEllipsis = true;
      rest = rest.slice(1);
      if (rest === '') break;
    }
  }
  if (rest !== '') return fault('trailing garbage after address', rest);
  if (groups < GROUPS) return hasEllipsis ? { version: 6 } : fault('address string too short');
  return hasEllipsis ? fault('the :: must expand to at least one field of zeros') : { version: 6 };
}
