/**
 * Bytes to text and back without loss. Each byte that is not part of a valid UTF-8 sequence becomes the lone surrogate
 * U+DC00 + byte, so that a file can be written back byte for byte; token values show it as U+FFFD (language section 1).
 */

const ESCAPE = 0xdc00;
const CHUNK = 0x2000;

/** Shape of the sequence that a lead byte announces: number of bytes and bounds of the second one (Unicode table 3-7). */
function sequenceLength(lead: number, second: number): number {
  if (lead < 0xc2 || lead > 0xf4) return 0;
  if (lead < 0xe0) return second >= 0x80 && second <= 0xbf ? 2 : 0;
  if (lead < 0xf0) {
    const low = lead === 0xe0 ? 0xa0 : 0x80;
    const high = lead === 0xed ? 0x9f : 0xbf;
    return second >= low && second <= high ? 3 : 0;
  }
  const low = lead === 0xf0 ? 0x90 : 0x80;
  const high = lead === 0xf4 ? 0x8f : 0xbf;
  return second >= low && second <= high ? 4 : 0;
}

export function decodeText(bytes: Uint8Array): string {
  const parts: string[] = [];
  const units: number[] = [];
  const flush = () => {
    if (units.length > 0) parts.push(String.fromCharCode(...units));
    units.length = 0;
  };
  const { length } = bytes;
  let at = 0;
  while (at < length) {
    if (units.length >= CHUNK) flush();
    const lead = bytes[at] ?? 0;
    if (lead < 0x80) {
      units.push(lead);
      at += 1;
      continue;
    }
    const count = sequenceLength(lead, bytes[at + 1] ?? 0);
    const codePoint = count === 0 ? -1 : codePointAt(bytes, at, count);
    if (codePoint < 0) {
      units.push(ESCAPE + lead);
      at += 1;
    } else {
      if (codePoint > 0xffff) {
        units.push(0xd7c0 + (codePoint >> 10), 0xdc00 + (codePoint & 0x3ff));
      } else units.push(codePoint);
      at += count;
    }
  }
  flush();
  return parts.join('');
}

/** -1 when a continuation byte is missing. */
function codePointAt(bytes: Uint8Array, at: number, count: number): number {
  let codePoint = (bytes[at] ?? 0) & (0xff >> (count + 1));
  for (let index = 1; index < count; index += 1) {
    const byte = bytes[at + index] ?? 0;
    if ((byte & 0xc0) !== 0x80) return -1;
    codePoint = (codePoint << 6) | (byte & 0x3f);
  }
  return codePoint;
}

export function encodeText(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3);
  let length = 0;
  for (let at = 0; at < text.length; at += 1) {
    const codePoint = text.codePointAt(at) ?? 0;
    if (codePoint < 0x80) bytes[length++] = codePoint;
    else if (codePoint < 0x800) {
      bytes[length++] = 0xc0 | (codePoint >> 6);
      bytes[length++] = 0x80 | (codePoint & 0x3f);
    } else if (codePoint >= ESCAPE + 0x80 && codePoint <= ESCAPE + 0xff) bytes[length++] = codePoint - ESCAPE;
    else if (codePoint < 0x10000) {
      // A lone surrogate that stands for no byte can only come from an editor; it is written as U+FFFD.
      const written = codePoint >= 0xd800 && codePoint <= 0xdfff ? 0xfffd : codePoint;
      bytes[length++] = 0xe0 | (written >> 12);
      bytes[length++] = 0x80 | ((written >> 6) & 0x3f);
      bytes[length++] = 0x80 | (written & 0x3f);
    } else {
      at += 1;
      bytes[length++] = 0xf0 | (codePoint >> 18);
      bytes[length++] = 0x80 | ((codePoint >> 12) & 0x3f);
      bytes[length++] = 0x80 | ((codePoint >> 6) & 0x3f);
      bytes[length++] = 0x80 | (codePoint & 0x3f);
    }
  }
  return bytes.slice(0, length);
}

/** Bytes that `encodeText` would write for the part of `text` before `offset`, counted without making them. */
export function byteOffset(text: string, offset: number): number {
  let bytes = 0;
  for (let at = 0; at < offset; at += 1) {
    const codePoint = text.codePointAt(at) ?? 0;
    if (codePoint < 0x80) bytes += 1;
    else if (codePoint < 0x800) bytes += 2;
    else if (codePoint >= ESCAPE + 0x80 && codePoint <= ESCAPE + 0xff) bytes += 1;
    else if (codePoint < 0x10000) bytes += 3;
    else {
      bytes += 4;
      at += 1;
    }
  }
  return bytes;
}
