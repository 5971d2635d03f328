import type { DNSResolver } from 'mailauth';
import { dmarc } from 'mailauth/lib/dmarc/index.js';
import { asciiDomain } from '../../../compiler/text/domain.ts';
import { readAddresses } from '../../message/address-list.ts';
import type { MessageHeader } from '../../module.ts';

/**
 * Whether the domain of the From field publishes a DMARC policy that asks for anything to be done (runtime-mta 13.1). False as
 * well where there is not exactly one author, or where DNS does not tell.
 */
export async function enforcesDmarc(header: MessageHeader, resolver: DNSResolver): Promise<boolean> {
  const domain = authorDomain(header);
  if (domain === null) return false;
  try {
    const found = await dmarc({ headerFrom: domain, spfDomains: [], dkimDomains: [], resolver });
    return found !== false && found.policy !== undefined && found.policy !== 'none';
  } catch {
    return false;
  }
}

function authorDomain(header: MessageHeader): string | null {
  if (header.count('From') !== 1) return null;
  const [author, ...others] = readAddresses(header.get('From') ?? '') ?? [];
  if (author === undefined || others.length > 0) return null;
  return asciiDomain(author.slice(author.lastIndexOf('@') + 1));
}
