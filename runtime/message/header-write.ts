import { isAscii } from '../../compiler/text/ascii.ts';

const softLimit = 76;
const hardLimit = 998;

/**
 * A field that is added to a message, `Key: Value` with its CRLF, folded as runtime-core 9.3 says.
 * Null when the value holds a line break: what follows it would become a field of its own.
 */
export function writeField(name: string, value: string): Buffer | null {
  if (/[\r\n]/.test(value) || /[\r\n]/.test(name)) return null;
  // One character a byte, because limits count bytes.
  const bytes = isAscii(value) ? value : Buffer.from(value, 'utf8').toString('latin1');
  const key = `${canonicalFieldName(name)}: `;
  return Buffer.from(key + fold(bytes, key.length), 'latin1');
}

function fold(value: string, keyLength: number): string {
  let folded = '';
  let rest = value;
  let used = keyLength;
  for (;;) {
    if (rest.length <= softLimit - used) return `${folded}${rest}\r\n`;
    let cut = lastBlank(rest, softLimit - used);
    if (cut === 0) {
      if (rest.length <= hardLimit - used) return `${folded}${rest}\r\n`;
      cut = lastBlank(rest, hardLimit - used);
    }
    if (cut === 0) {
      // A line that does not begin with a folding blank is one shorter (recorded in `units.header_write`).
      const hardCut = hardLimit - used - (isBlank(rest.charCodeAt(0)) ? 0 : 1);
      folded += `${rest.slice(0, hardCut)}\r\n `;
      rest = rest.slice(hardCut);
    } else {
      folded += `${rest.slice(0, cut)}\r\n`;
      rest = rest.slice(cut);
    }
    used = 0;
  }
}

/** Index of the last blank or TAB in 1..allowance; 0 when there is none (a line's first blank does not help). */
function lastBlank(text: string, allowance: number): number {
  for (let at = Math.min(allowance, text.length - 1); at > 0; at--) {
    if (isBlank(text.charCodeAt(at))) return at;
  }
  return 0;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/** `message-ID` becomes `Message-Id`. */
export function canonicalFieldName(name: string): string {
  if (/^[A-Z][a-z]*(?:-[A-Z][a-z]*)*$/.test(name)) return name;
  return name.toLowerCase().replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase());
}
