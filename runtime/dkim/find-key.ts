import type { Resolver } from '../dns/resolver.ts';
import { type PublishedKey, readKeyRecord } from './key-record.ts';
import type { Signature } from './signature.ts';

/** Why a key cannot be had; temporary where DNS may tell later. */
export interface NoKey {
  readonly value: 'permerror' | 'temperror';
  readonly reason: string;
}

/** The key of a signature, fit for its use (RFC 6376 section 6.1.2). Never throws. */
export async function findKey(
  { selector, domain, keyType }: Pick<Signature, 'selector' | 'domain' | 'keyType'>,
  resolver: Resolver,
): Promise<PublishedKey | NoKey> {
  const refused = (reason: string): NoKey => ({ value: 'permerror', reason });
  const answer = await resolver.lookup('TXT', `${selector}._domainkey.${domain}`);
  switch (answer.kind) {
    case 'failed':
      return { value: 'temperror', reason: `key unavailable: ${answer.reason}` };
    case 'no-such-name':
    case 'no-data':
      return refused(`no key for signature: ${selector}._domainkey.${domain} has no TXT record`);
    case 'records': {
      const [record, ...others] = answer.records;
      if (others.length > 0) return refused('multiple TXT records found for key');
      const key = readKeyRecord(record);
      if (typeof key === 'string') return refused(key);
      if (key.type !== keyType) return refused('inappropriate key algorithm');
      if (key.hashes !== null && !key.hashes.includes('sha256')) return refused('inappropriate hash algorithm');
      return key.services.some((service) => service === '*' || service === 'email')
        ? key
        : refused('inappropriate service');
    }
  }
}
