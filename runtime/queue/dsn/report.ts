import { splitAddress } from '../../../compiler/text/address.ts';
import { asciiDomain } from '../../../compiler/text/domain.ts';
import { utcDate } from '../../message/date.ts';
import { writeField } from '../../message/header-write.ts';
import { wireAddress, wireDomain } from '../../message/trace.ts';
import type { FailedRecipient, QueuedMessage } from '../message.ts';

export interface ReportSource {
  readonly message: QueuedMessage;
  readonly failed: readonly FailedRecipient[];
  /** Reporting host. */
  readonly hostname: string;
  /** HELO name of the client that brought the message, where it is known and may be told. */
  readonly receivedFrom: string | null;
  /** Header of the message, without the empty line. */
  readonly header: Buffer;
  readonly boundary: string;
}

const crlf = Buffer.from('\r\n');

/** The three parts of a delivery status notification (RFC 3464; runtime-mta 4.4), without a preamble. */
export function reportBody(source: ReportSource): Buffer {
  const { boundary, header, message } = source;
  const open = Buffer.from(`--${boundary}\r\n`);
  const between = Buffer.from(`\r\n--${boundary}\r\n`);
  const kind = message.smtputf8 ? 'global-headers' : 'rfc822-headers';
  return Buffer.concat([
    open,
    notification(source),
    between,
    deliveryStatus(source),
    between,
    fields([
      ['Content-Transfer-Encoding', '8bit'],
      ['Content-Type', `message/${kind}`],
      ['Content-Description', 'Undelivered message header'],
    ]),
    crlf,
    header,
    crlf,
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
}

function notification({ message, failed, hostname }: ReportSource): Buffer {
  const { id, arrivedAt, lastAttemptAt, smtputf8 } = message;
  const lines = [
    '',
    `This is the mail system at ${wireDomain(hostname, smtputf8) ?? hostname}.`,
    '',
    'Your message could not be delivered to the recipients below. Often the address is',
    'misspelled, the mailbox is full or gone, or the server of the recipient refuses the',
    "message or has not answered for a long time. The server's own words stand below.",
    '',
    'If you need help, forward this report to your postmaster and quote the message ID.',
    '',
    `Message ID: ${id}`,
    `Arrival: ${wholeSeconds(arrivedAt)}`,
    `Last delivery attempt: ${wholeSeconds(lastAttemptAt)}`,
    '',
    ...failed.map(
      ({ original, failure: { code, text } }) =>
        `Delivery to ${original} failed with error: SMTP error ${code}: ${oneLine(text)}`,
    ),
    '',
  ];
  const head = fields([
    ['Content-Description', 'Notification'],
    ['Content-Type', 'text/plain; charset="utf-8"'],
    ['Content-Transfer-Encoding', '8bit'],
  ]);
  return Buffer.concat([head, crlf, Buffer.from(lines.join('\r\n'))]);
}

function deliveryStatus({ message, failed, hostname, receivedFrom }: ReportSource): Buffer {
  const { id, from, arrivedAt, lastAttemptAt, smtputf8 } = message;
  const kind = smtputf8 ? 'utf8' : 'rfc822';
  const head = fields([
    ['Content-Description', 'Delivery report'],
    ['Content-Type', `message/${smtputf8 ? 'global-' : ''}delivery-status`],
  ]);
  const perMessage: Field[] = [
    ['Last-Attempt-Date', utcDate(new Date(lastAttemptAt))],
    ['Arrival-Date', utcDate(new Date(arrivedAt))],
    ['X-Maddy-Msgid', id],
    ['X-Maddy-Sender', `${kind}; ${reportedAddress(from, smtputf8)}`],
  ];
  const client = receivedFrom === null ? null : wireDomain(receivedFrom, smtputf8);
  if (client !== null && client !== '') perMessage.push(['Received-From-Mta', `dns; ${client}`]);
  perMessage.push(['Reporting-Mta', `dns; ${wireDomain(hostname, smtputf8) ?? hostname}`]);
  const perRecipient = failed.map(({ original, failure: { code, enhanced, text } }) =>
    Buffer.concat([
      fields([
        ['Diagnostic-Code', `smtp; ${code} ${enhanced} ${oneLine(text)}`],
        ['Status', enhanced],
        ['Action', 'failed'],
        ['Final-Recipient', `${kind}; ${reportedAddress(original, smtputf8)}`],
      ]),
      crlf,
    ]),
  );
  return Buffer.concat([head, crlf, fields(perMessage), crlf, ...perRecipient]);
}

type Field = readonly [name: string, value: string];

function fields(all: readonly Field[]): Buffer {
  return Buffer.concat(all.map(([name, value]) => writeField(name, oneLine(value)) ?? Buffer.alloc(0)));
}

function oneLine(text: string): string {
  return text.replace(/[\r\n]/g, ' ');
}

/** `2026-11-22 12:32:45 +0000 UTC` */
function wholeSeconds(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} +0000 UTC`;
}

/** In A-labels without SMTPUTF8; a local part that has no such form is written in ASCII as RFC 6533 section 3 does. */
function reportedAddress(address: string, smtputf8: boolean): string {
  const parts = splitAddress(address);
  // The original is what the client wrote: a bare `postmaster` has no domain to convert.
  if (typeof parts === 'string') return asciiOnly(address);
  if (smtputf8) return wireAddress(address, true) ?? address;
  return `${asciiOnly(parts.localPart)}@${asciiDomain(parts.domain) ?? asciiOnly(parts.domain)}`;
}

function asciiOnly(text: string): string {
  return text.replace(/[^\0-\x7f]/gu, (sign) => `\\x{${sign.codePointAt(0)?.toString(16).toUpperCase()}}`);
}
