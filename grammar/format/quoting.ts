import { isClosed } from '../scanners.ts';
import { isQuoted, type Token, tokenValue } from '../tokens.ts';

/** Longer texts keep their quotes unseen. */
const LONGEST_UNQUOTED = 1000;

/**
 * Words that read the same without quotes and look harmless: no blanks, quotes, backslashes or comment signs, braces only as
 * environment references, and no invisible characters.
 */
const plainWord = /^(?:[!$%&()*+,\-./0-9:;<=>?@A-Z[\]^_`a-z|~\p{L}\p{N}\p{M}]|\{env:[A-Za-z0-9_.-]+\})+$/u;

/** The token as it is best written: without quotes where they change nothing. */
export function writtenToken(token: Token): string {
  const { image } = token;
  if (!isQuoted(token) || !isClosed(image)) return image;
  const value = tokenValue(token);
  const isBrace = value === '{' || value === '}';
  if (isBrace) return value;
  const canStandAlone = value.length <= LONGEST_UNQUOTED && plainWord.test(value) && !value.endsWith(';');
  return canStandAlone ? value : image;
}
