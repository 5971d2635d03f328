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
  /** The whole URL written again, which need not be letter by letter what was read. */
  readonly text: string;
}

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

class UrlError extends Error {}

export function parseGoUrl(input: string): GoUrl | GoUrlFault {
  const hash = input.indexOf('#');
  const main = hash === -1 ? input : input.slice(0, hash);
  const fragment = hash === -1 ? '' : input.slice(hash + 1);
  try {
    const url = parseMain(main);
    const shown = fragment === '' ? '' : `#${rewritten(fragment, unescaped(fragment, 'fragment', input), 'fragment')}`;
    return { ...url, text: url.text + shown };
  } catch (error) {
    if (!(error instanceof UrlFault)) throw error;
    return { fault: `parse ${quoteAsGo(error.shown ?? main)}: ${error.message}` };
  }
}
