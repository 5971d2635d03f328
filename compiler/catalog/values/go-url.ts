import { decodeText, encodeText } from '../../../grammar/encoding.ts';
import { quoteAsGo } from './go-quote.ts';
import { parseIpAddress } from './ip-address.ts';

/** A URL as maddy's URL parser takes it apart (language section 12). Escapes are decoded where it decodes them. */
export interface GoUrl {
  readonly scheme: string;
  /** What follows the scheme when no slash does. */
  readonly opaque: string;
  /** Host and port. */
  readonly host: string;
  readonly path: string;
  /** The whole URL written again, which need not be what was read, letter by letter. */
  readonly text: string;
}

/** `fault` is the parser's text. */
export interface GoUrlFault {
  readonly fault: string;
}

type Part = 'path' | 'host' | 'zone' | 'user' | 'fragment';

/** Punctuation that stands unescaped in each part; letters, digits and `-_.~` always do. */
const plain: Readonly<Record<Part, string>> = {
  path: '$&+,/:;=@',
  host: '!"$&\'()*+,:;<=>[]',
  zone: '!"$&\'()*+,:;<=>[]',
  user: '$&+,;=',
  fragment: '!$&()*+,/:;=?@',
};

const isPlain = (character: string, part: Part): boolean =>
  /^[A-Za-z0-9\-_.~]$/.test(character) || plain[part].includes(character);

const isFault = <T>(result: T | GoUrlFault): result is GoUrlFault =>
  typeof result === 'object' && result !== null && 'fault' in result;

export const isUrlFault = (result: GoUrl | GoUrlFault): result is GoUrlFault => 'fault' in result;

/** Nothing in it is escaped, decoded or left out: nearly every address. */
const simple = /^([a-z][a-z0-9+\-.]*):\/\/(?=.)([A-Za-z0-9\-_.~]*(?::[0-9]*)?)(\/[A-Za-z0-9\-_.~/]*)?$/;

export function parseGoUrl(input: string): GoUrl | GoUrlFault {
  const [text, scheme, host, path = ''] = simple.exec(input) ?? [];
  if (text !== undefined && scheme !== undefined && host !== undefined) return { scheme, opaque: '', host, path, text };
  const hash = input.indexOf('#');
  const main = hash === -1 ? input : input.slice(0, hash);
  const url = parseMain(main);
  if (isFault(url)) return { fault: `parse ${quoteAsGo(main)}: ${url.fault}` };
  const written = hash === -1 ? '' : input.slice(hash + 1);
  const fragment = percentDecode(written, 'fragment');
  if (isFault(fragment)) return { fault: `parse ${quoteAsGo(input)}: ${fragment.fault}` };
  return written === '' ? url : { ...url, text: `${url.text}#${writtenAgain(written, fragment, 'fragment')}` };
}

function parseMain(input: string): GoUrl | GoUrlFault {
  if (/[\x00-\x1f\x7f]/.test(input)) return { fault: 'net/url: invalid control character in URL' };
  if (input === '*') return { scheme: '', opaque: '', host: '', path: '*', text: '*' };
  if (input.startsWith(':')) return { fault: 'missing protocol scheme' };
  const written = /^([A-Za-z][A-Za-z0-9+\-.]*):/.exec(input)?.[1] ?? '';
  const scheme = written.toLowerCase();
  const { rest, query } = cutQuery(written === '' ? input : input.slice(written.length + 1));
  const prefix = scheme === '' ? '' : `${scheme}:`;
  if (!rest.startsWith('/')) {
    if (scheme !== '') return { scheme, opaque: rest, host: '', path: '', text: prefix + rest + query };
    if (firstSegment(rest).includes(':')) return { fault: 'first path segment in URL cannot contain colon' };
  }
  const hasAuthority = rest.startsWith('//') && (scheme !== '' || !rest.startsWith('///'));
  const slash = hasAuthority ? rest.indexOf('/', 2) : 0;
  const authority = hasAuthority ? parseAuthority(rest.slice(2, slash === -1 ? undefined : slash)) : null;
  if (isFault(authority)) return authority;
  const pathText = slash === -1 ? '' : rest.slice(slash);
  const path = percentDecode(pathText, 'path');
  if (isFault(path)) return path;
  const shownPath = writtenAgain(pathText, path, 'path');
  const head = prefix + authorityText(authority, shownPath);
  const dots = head === '' && firstSegment(shownPath).includes(':') ? './' : '';
  return { scheme, opaque: '', host: authority?.host ?? '', path, text: head + dots + shownPath + query };
}

const firstSegment = (path: string): string => path.split('/', 1)[0] ?? '';

function cutQuery(text: string): { readonly rest: string; readonly query: string } {
  const mark = text.indexOf('?');
  if (mark === -1) return { rest: text, query: '' };
  // A lone `?` at the end stays when the URL is written again.
  return { rest: text.slice(0, mark), query: text.slice(mark) };
}

interface Authority {
  /** As written again; null when there is none. */
  readonly user: string | null;
  readonly host: string;
}

function authorityText(authority: Authority | null, path: string): string {
  if (authority === null) return '';
  const { user, host } = authority;
  if (user === null && host === '' && path === '') return '';
  return `//${user === null ? '' : `${user}@`}${percentEncode(host, 'host')}`;
}

function parseAuthority(text: string): Authority | GoUrlFault {
  const at = text.lastIndexOf('@');
  const host = parseHost(text.slice(at + 1));
  if (isFault(host)) return host;
  if (at === -1) return { user: null, host };
  const userText = text.slice(0, at);
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(userText)) return { fault: 'net/url: invalid userinfo' };
  const colon = userText.indexOf(':');
  const name = percentDecode(colon === -1 ? userText : userText.slice(0, colon), 'user');
  if (isFault(name)) return name;
  if (colon === -1) return { user: percentEncode(name, 'user'), host };
  const password = percentDecode(userText.slice(colon + 1), 'user');
  return isFault(password)
    ? password
    : { user: `${percentEncode(name, 'user')}:${percentEncode(password, 'user')}`, host };
}

const isOptionalPort = (text: string): boolean => /^(?::[0-9]*)?$/.test(text);

function parseHost(text: string): string | GoUrlFault {
  const open = text.lastIndexOf('[');
  if (open > 0) return { fault: 'invalid IP-literal' };
  if (open === 0) return parseBracketed(text);
  const colon = text.lastIndexOf(':');
  const port = colon === -1 ? '' : text.slice(colon);
  if (!isOptionalPort(port)) return { fault: `invalid port ${quoteAsGo(port)} after host` };
  return percentDecode(text, 'host');
}

function parseBracketed(text: string): string | GoUrlFault {
  const close = text.lastIndexOf(']');
  if (close === -1) return { fault: "missing ']' in host" };
  const port = text.slice(close + 1);
  if (!isOptionalPort(port)) return { fault: `invalid port ${quoteAsGo(port)} after host` };
  const inside = text.slice(1, close);
  const zoneAt = inside.indexOf('%25');
  const host = percentDecode(zoneAt === -1 ? inside : inside.slice(0, zoneAt), 'host');
  if (isFault(host)) return host;
  const zone = zoneAt === -1 ? '' : percentDecode(inside.slice(zoneAt), 'zone');
  if (isFault(zone)) return zone;
  const address = parseIpAddress(host + zone);
  if ('fault' in address) return { fault: `invalid host: ${address.fault}` };
  return address.version === 4 ? { fault: 'invalid IP-literal' } : `[${host}${zone}]${port}`;
}

const escapePattern = /^%[\dA-Fa-f]{2}/;

/** Decodes `%XX`; bytes that are no UTF-8 become U+DC00 + byte. */
function percentDecode(text: string, part: Part): string | GoUrlFault {
  const isHost = part === 'host' || part === 'zone';
  if (!text.includes('%') && !isHost) return text;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '%') {
      const escaped = escapePattern.exec(text.slice(at, at + 3))?.[0];
      if (escaped === undefined || !mayBeEscaped(escaped, part)) {
        const shown = escaped ?? decodeText(encodeText(text.slice(at, at + 3)).slice(0, 3));
        return { fault: `invalid URL escape ${quoteAsGo(shown)}` };
      }
      at += 2;
    } else if (isHost && character < '\x80' && !isPlain(character, part)) {
      return { fault: `invalid character ${quoteAsGo(character)} in host name` };
    }
  }
  return text.replace(/(?:%[\dA-Fa-f]{2})+/g, (run) => {
    const bytes = run
      .slice(1)
      .split('%')
      .map((digits) => Number.parseInt(digits, 16));
    return decodeText(Uint8Array.from(bytes));
  });
}

/** In a host only bytes outside of ASCII may be escaped; in a zone also what a host could hold, and a blank. */
function mayBeEscaped(escaped: string, part: Part): boolean {
  const byte = Number.parseInt(escaped.slice(1), 16);
  if (part === 'host') return byte >= 0x80 || escaped === '%25';
  if (part !== 'zone') return true;
  return escaped === '%25' || byte === 0x20 || (byte < 0x80 && isPlain(String.fromCharCode(byte), 'host'));
}

function percentEncode(text: string, part: Part): string {
  if ([...text].every((character) => isPlain(character, part))) return text;
  return Array.from(encodeText(text), (byte) => {
    const character = String.fromCharCode(byte);
    if (byte < 0x80 && isPlain(character, part)) return character;
    return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
}

/** The part as it was written when that is one way to write it, else in the usual way. */
function writtenAgain(written: string, decoded: string, part: 'path' | 'fragment'): string {
  const isValid = [...written].every((character) => "!$&'()*+,;=:@[]%".includes(character) || isPlain(character, part));
  if (isValid && written !== '') return written;
  return decoded === '*' && part === 'path' ? '*' : percentEncode(decoded, part);
}
