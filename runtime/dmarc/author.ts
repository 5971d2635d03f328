import { readAddresses } from '../message/address-list.ts';
import type { MessageHeader } from '../module.ts';
import { domainKey } from './domain-key.ts';

export interface Author {
  /** Of the From field as written; properties of results bear it. */
  readonly written: string;
  /** In A-labels and lower case. */
  readonly domain: string;
}

/** Who wrote the message (RFC 7489 section 6.6.1); a text tells, in maddy's words, why there is not exactly one. */
export function authorOf(header: MessageHeader): Author | string {
  const fields = header.count('From');
  if (fields === 0) return 'dmarc: missing From header field';
  if (fields > 1) return 'dmarc: multiple From header fields are not allowed';
  const [author, ...others] = readAddresses(header.get('From') ?? '') ?? [];
  if (others.length > 0) return 'dmarc: multiple addresses in From field are not allowed';
  if (author === undefined) return 'dmarc: malformed From header field: no address in it';
  const written = author.slice(author.lastIndexOf('@') + 1);
  const domain = domainKey(written);
  if (domain === null) return 'dmarc: malformed From header field: no domain in it';
  return { written, domain };
}
