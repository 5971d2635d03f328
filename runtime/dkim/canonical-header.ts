import type { HeaderField } from '../module.ts';

export type Canonicalization = 'simple' | 'relaxed';

/** A field as it is signed (RFC 6376 section 3.4.1, 3.4.2), without the CRLF at its end. `field` holds bytes as Latin-1. */
export function canonicalField(field: string, canonicalization: Canonicalization): string {
  const whole = field.endsWith('\r\n') ? field.slice(0, -2) : field;
  if (canonicalization === 'simple') return whole;
  const colon = whole.indexOf(':');
  // Names are ASCII: a header with another one is not taken.
  const name = whole.slice(0, colon).trimEnd().toLowerCase();
  const written = whole.slice(colon + 1);
  const value = (written.includes('\n') ? written.replaceAll('\r\n', '') : written).replace(/[ \t]{2,}|\t/g, ' ');
  const start = value.startsWith(' ') ? 1 : 0;
  return `${name}:${value.slice(start, value.endsWith(' ') ? Math.max(start, value.length - 1) : undefined)}`;
}

/** What a signature says about the header. */
export interface SignedHeader {
  /** A field may be named more often than it occurs: what is not there counts as nothing. */
  readonly names: readonly string[];
  /** The signature's own field with an empty b= tag, bytes as Latin-1. */
  readonly own: string;
  readonly canonicalization: Canonicalization;
}

/** The bytes that a signature signs (RFC 6376 section 3.7). */
export function signedBytes(fields: readonly HeaderField[], { names, own, canonicalization }: SignedHeader): Buffer {
  const signed = selectFields(fields, names).map(({ raw }) => canonicalField(raw.toString('latin1'), canonicalization));
  return Buffer.from([...signed, canonicalField(own, canonicalization)].join('\r\n'), 'latin1');
}

/** The lowest field of each name first, then the one above it, and so on (RFC 6376 section 5.4.2). */
function selectFields(fields: readonly HeaderField[], names: readonly string[]): readonly HeaderField[] {
  const byName = new Map<string, HeaderField[]>(names.map((name) => [name.toLowerCase(), []]));
  for (const field of fields) byName.get(field.name)?.push(field);
  return names.flatMap((name) => byName.get(name.toLowerCase())?.pop() ?? []);
}

/** A signature's own field, which it signs with an empty b= (RFC 6376 section 3.5); bytes as Latin-1. */
export function withoutSignatureValue({ raw }: HeaderField): string {
  return raw.toString('latin1').replace(/([:;][ \t\r\n]*b[ \t\r\n]*=)[^;]*/, '$1');
}

/** What stands behind the colon, folds and all. */
export function fieldText({ raw }: HeaderField): string {
  const text = raw.toString('utf8');
  return text.slice(text.indexOf(':') + 1);
}
