import { asciiAddress, splitAddress } from '../../compiler/text/address.ts';
import { isAscii } from '../../compiler/text/ascii.ts';
import { asciiDomain, unicodeDomain } from '../../compiler/text/domain.ts';
import type { MessageContext, MessageHeader } from '../module.ts';
import { localDate } from './date.ts';

export interface ReceivedStamp {
  readonly hostname: string;
  /** Where the message came from; false on submission, which must not tell its users' addresses. */
  readonly tellsClient: boolean;
  readonly reverseName: string | null;
  readonly now: Date;
}

/** Value of the Received field of this hop (runtime-core 9.1). */
export function receivedValue(context: MessageContext, stamp: ReceivedStamp): string {
  const { client, smtputf8 } = context;
  const parts: string[] = [];
  if (client !== null && stamp.tellsClient) {
    const helo = wireDomain(client.helo, smtputf8);
    if (helo !== null) parts.push(`from ${helo}`);
    if (client.address !== null) {
      parts.push(`(${stamp.reverseName === null ? '' : `${stamp.reverseName} `}[${client.address}])`);
    }
  }
  parts.push(`by ${wireDomain(stamp.hostname, smtputf8) ?? stamp.hostname}`);
  const sender = context.originalFrom === '' ? null : wireAddress(context.originalFrom, smtputf8);
  if (sender !== null) parts.push(`(envelope-sender <${sender}>)`);
  parts.push(`with ${smtputf8 ? 'UTF8' : ''}ESMTP${client?.tls ? 'S' : ''} id ${context.id}`);
  return `${parts.join(' ')}; ${localDate(stamp.now)}`;
}

/** U-labels where the transaction has SMTPUTF8, else A-labels; null when there is no such form. */
export function wireDomain(domain: string, smtputf8: boolean): string | null {
  if (isAscii(domain) && !domain.includes('xn--')) return domain;
  return smtputf8 ? unicodeDomain(domain) : asciiDomain(domain);
}

export function wireAddress(address: string, smtputf8: boolean): string | null {
  if (!smtputf8) return asciiAddress(address);
  const parts = splitAddress(address);
  if (typeof parts === 'string') return null;
  const domain = unicodeDomain(parts.domain);
  return domain === null ? null : `${parts.localPart}@${domain}`;
}

/** RFC 8689 section 5: the author asks for delivery even where TLS fails. */
export function saysTlsNotRequired(header: MessageHeader): boolean {
  return header.get('TLS-Required')?.toLowerCase() === 'no';
}
