import type { Answer, RecordType, RecordTypes } from '../../runtime/dns/records.ts';
import type { Resolver } from '../../runtime/dns/resolver.ts';

export type RecordsByType = { readonly [Type in RecordType]?: readonly RecordTypes[Type][] };

/**
 * Names in lower case without a final dot; PTR records under the address itself. A text in the place of records: the
 * look-up fails with it.
 */
export type KnownRecords = Readonly<Record<string, RecordsByType | string>>;

/** A resolver that knows only this. */
export function knownResolver(names: KnownRecords): Resolver {
  const lookup = async <Type extends RecordType>(type: Type, name: string): Promise<Answer<RecordTypes[Type]>> => {
    const known = names[name.toLowerCase().replace(/\.$/, '')];
    if (known === undefined) return { kind: 'no-such-name', authenticated: false };
    if (typeof known === 'string') return { kind: 'failed', reason: known };
    const [first, ...others] = known[type] ?? [];
    return first === undefined
      ? { kind: 'no-data', authenticated: false }
      : { kind: 'records', records: [first, ...others], authenticated: false };
  };
  return { lookup, reverse: (address) => lookup('PTR', address) };
}
