import { isIP } from 'node:net';
import { listOf } from '../../compiler/mailtest/list-of.ts';
import type { DnsRecords } from '../../compiler/mailtest/schema.ts';
import type { Answer, MxRecord, RecordType, RecordTypes } from '../dns/records.ts';
import type { Resolver } from '../dns/resolver.ts';
import { reverseName } from '../dns/reverse-name.ts';

/** A resolver that knows what a test file gives, and nothing else. */
export function givenResolver(given: Readonly<Record<string, DnsRecords>>): Resolver {
  const zone = new Map(Object.entries(given).map(([name, records]) => [zoneKey(name), records]));
  const lookup = async <Type extends RecordType>(type: Type, name: string): Promise<Answer<RecordTypes[Type]>> => {
    const records = zone.get(zoneKey(name));
    if (records === undefined) return { kind: 'no-such-name', authenticated: false };
    const [first, ...others] = read[type](records);
    return first === undefined
      ? { kind: 'no-data', authenticated: false }
      : { kind: 'records', records: [first, ...others], authenticated: false };
  };
  return { lookup, reverse: (address) => lookup('PTR', reverseName(address) ?? address) };
}

/** An address stands for the name of its PTR records. */
function zoneKey(name: string): string {
  const bare = name.toLowerCase().replace(/\.$/, '');
  return isIP(bare) === 0 ? bare : (reverseName(bare) ?? bare);
}

const read: { readonly [Type in RecordType]: (records: DnsRecords) => readonly RecordTypes[Type][] } = {
  A: ({ A }) => listOf(A),
  AAAA: ({ AAAA }) => listOf(AAAA),
  TXT: ({ TXT }) => listOf(TXT),
  PTR: ({ PTR }) => listOf(PTR).map(withoutDot),
  MX: ({ MX }) => listOf(MX).map(readMx),
  CNAME: () => [],
  TLSA: () => [],
};

function readMx(text: string): MxRecord {
  const [, preference = '0', exchange = ''] = /^(?:(\d+)\s+)?(.*)$/s.exec(text.trim()) ?? [];
  return { preference: Number(preference), exchange: withoutDot(exchange.toLowerCase()) };
}

function withoutDot(name: string): string {
  return name.replace(/\.$/, '');
}
