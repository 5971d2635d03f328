import { isAscii, isPrintable } from '../../compiler/text/ascii.ts';

const softLimit = 76;
const hardLimit = 998;

/**
 * A field that is added to a message, `Key: Value` with its CRLF, folded as runtime-core 9.3 says.
 * Null when the value holds a line break: what follows it would become a field of its own.
 */
export function writeField(name: string, value: string): Buffer | null {
  // Nearly all values are: nothing else needs to be known of them.
  const isPlain = isPrintable(value);
  if ((!isPlain && hasLineBreak(value)) || hasLineBreak(name)) return null;
  // One character a byte, because limits count bytes.
  const bytes = isPlain || isAscii(value) ? value : Buffer.from(value, 'utf8').toString('latin1');
  const key = `${canonicalFieldName(name)}: `;
  return Buffer.from(key + fold(bytes, key.length), 'latin1');
}

function hasLineBreak(text: string): boolean {
  return /[\r\n]/.test(text);
}

function fold(value: string, keyLength: number): string {
  let folded = '';
  let at = 0;
  let used = keyLength;
  for (;;) {
    const left = value.length - at;
    if (left <= softLimit - used) return `${folded}${value.slice(at)}\r\n`;
    let cut = lastBlank(value, at, softLimit - used);
    if (cut === at) {
      if (left <= hardLimit - used) return `${folded}${value.slice(at)}\r\n`;
      cut = lastBlank(value, at, hardLimit - used);
    }
    if (cut === at) {
      // A line that does not begin with a folding blank is one shorter (recorded in `units.header_write`).
      cut = at + hardLimit - used - (isBlank(value.charCodeAt(at)) ? 0 : 1);
      folded += `${value.slice(at, cut)}\r\n `;
    } else folded += `${value.slice(at, cut)}\r\n`;
    at = cut;
    used = 0;
  }
}

/** Index of the last blank or TAB at most `allowance` behind `from`; `from` when there is none (a line's first blank does not help). */
function lastBlank(text: string, from: number, allowance: number): number {
  for (let at = Math.min(from + allowance, text.length - 1); at > from; at--) {
    if (isBlank(text.charCodeAt(at))) return at;
  }
  return from;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/** `message-ID` becomes `Message-Id`. */
export function canonicalFieldName(name: string): string {
  if (/^[A-Z][a-z]*(?:-[A-Z][a-z]*)*$/.test(name)) return name;
  return name.toLowerCase().replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase());
}
