import type { Answer as PacketAnswer } from 'dns-packet';

export interface MxRecord {
  readonly preference: number;
  /** Without its final dot; empty for a null MX (RFC 7505). */
  readonly exchange: string;
}

/** RFC 6698 section 2.1. */
export interface TlsaRecord {
  readonly usage: number;
  readonly selector: number;
  readonly matchingType: number;
  readonly data: Buffer;
}

/** What a record of each type that is looked up here carries. Names are in lower case, without their final dot. */
export interface RecordTypes {
  readonly A: string;
  readonly AAAA: string;
  readonly CNAME: string;
  readonly MX: MxRecord;
  readonly PTR: string;
  readonly TLSA: TlsaRecord;
  /** The strings of the record as one (RFC 7208 section 3.3). */
  readonly TXT: string;
}

export type RecordType = keyof RecordTypes;

/** What a look-up gave. `authenticated`: a resolver that is trusted has validated it by DNSSEC. */
export type Answer<Value> =
  | { readonly kind: 'records'; readonly records: readonly [Value, ...Value[]]; readonly authenticated: boolean }
  /** The name is there, without records of that type. */
  | { readonly kind: 'no-data'; readonly authenticated: boolean }
  | { readonly kind: 'no-such-name'; readonly authenticated: boolean }
  /** Nobody could tell: SERVFAIL, no answer in time, nobody there. It may be told later. */
  | { readonly kind: 'failed'; readonly reason: string };

/** Null: not a record of that type, or one that nobody may take at its word. */
type Reader<Value> = (answer: PacketAnswer) => Value | null;

export const readRecord: { readonly [Type in RecordType]: Reader<RecordTypes[Type]> } = {
  A: (answer) => (answer.type === 'A' ? answer.data : null),
  AAAA: (answer) => (answer.type === 'AAAA' ? answer.data : null),
  CNAME: (answer) => (answer.type === 'CNAME' ? readName(answer.data) : null),
  PTR: (answer) => (answer.type === 'PTR' ? readName(answer.data) : null),
  MX: (answer) => {
    if (answer.type !== 'MX') return null;
    const { preference, exchange } = answer.data;
    if (exchange === '.' || exchange === '') return { preference: preference ?? 0, exchange: '' };
    const name = readName(exchange);
    return name === null ? null : { preference: preference ?? 0, exchange: name };
  },
  TLSA: (answer) => {
    if (answer.type !== 'TLSA') return null;
    const { usage, selector, matchingType, certificate } = answer.data;
    return { usage, selector, matchingType, data: certificate };
  },
  TXT: (answer) => {
    if (answer.type !== 'TXT') return null;
    const parts = Array.isArray(answer.data) ? answer.data : [answer.data];
    return Buffer.concat(parts.map((part) => Buffer.from(part))).toString();
  },
};

/** Names of hosts go into header fields and log lines: what is not a host name is left out. */
function readName(name: string): string | null {
  const bare = name.replace(/\.$/, '').toLowerCase();
  return /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/.test(bare) ? bare : null;
}

/** Names are compared without regard to the case of ASCII letters (RFC 4343) and to a final dot. */
export function nameKey(name: string): string {
  return name.replace(/\.$/, '').replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** RFC 1035 section 2.3.4; the name is in A-labels. */
export function isPossibleName(name: string): boolean {
  const bare = name.replace(/\.$/, '');
  return (
    Buffer.byteLength(bare) <= 253 && bare.split('.').every((label) => label !== '' && Buffer.byteLength(label) <= 63)
  );
}
