import { asciiAddress, splitAddress } from '../../compiler/text/address.ts';
import { isAscii } from '../../compiler/text/ascii.ts';
import { asciiDomain, unicodeDomain } from '../../compiler/text/domain.ts';
import type { MessageContext, MessageHeader } from '../module.ts';

export interface ReceivedStamp {
  readonly hostname: string;
  /** Where the message came from; false on submission, which must not tell its users' addresses. */
  readonly tellsClient: boolean;
  readonly reverseName: string | null;
  /** As `localDate` writes it. */
  readonly date: string;
}

/** Value of the Received field of this hop (runtime-core 9.1). */
export function receivedValue(context: MessageContext, stamp: ReceivedStamp): string {
  const { client, smtputf8 } = context;
  let from = '';
  if (client !== null && stamp.tellsClient) {
    const helo = wireDomain(client.helo, smtputf8);
    if (helo !== null) from = `from ${helo} `;
    if (client.address !== null) {
      from += `(${stamp.reverseName === null ? '' : `${stamp.reverseName} `}[${client.address}]) `;
    }
  }
  const by = `by ${wireDomain(stamp.hostname, smtputf8) ?? stamp.hostname} `;
  const sender = context.originalFrom === '' ? null : wireAddress(context.originalFrom, smtputf8);
  const envelope = sender === null ? '' : `(envelope-sender <${sender}>) `;
  const protocol = `with ${smtputf8 ? 'UTF8' : ''}ESMTP${client?.tls ? 'S' : ''}`;
  return `${from}${by}${envelope}${protocol} id ${context.id}; ${stamp.date}`;
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
