import type { MessageHeader } from '../module.ts';
import { ReplyError } from '../module.ts';
import { countAddresses } from './address-list.ts';
import { isDate, utcDate } from './date.ts';

/** What is not the message's own: clock and chance. */
export interface SubmissionStamp {
  readonly hostname: string;
  readonly now: () => Date;
  /** Version 4. */
  readonly uuid: () => string;
  /** Called with `Message-ID` or `Date header` for each field that had to be added. */
  readonly added: (what: string) => void;
}

/** Fields of one address list each, in the order of their checks. */
const addressFields = ['To', 'Cc', 'Bcc', 'Reply-To'];

/**
 * Adds what a mail program may leave to its server, and refuses what no receiver would take
 * (RFC 6409 section 8; order and texts: runtime-core 8).
 */
export function prepareSubmissionHeader(header: MessageHeader, stamp: SubmissionStamp): void {
  if (isMissing(header, 'Message-ID')) {
    header.prepend('Message-Id', `<${stamp.uuid()}@${stamp.hostname}>`);
    stamp.added('Message-ID');
  }
  const from = header.get('From');
  if (from === null || from === '') throw refusal('Message does not contains a From header field');
  const sender = header.get('Sender') ?? '';
  if (sender !== '' && countAddresses(sender) !== 1) throw refusal('Invalid address in Sender');
  for (const name of addressFields) {
    if (countAddresses(header.get(name) ?? '') === null) throw refusal(`Invalid address in ${name}`);
  }
  const authors = countAddresses(from);
  if (authors === null) throw refusal('Invalid address in From');
  if (authors > 1 && sender === '') throw refusal('Missing Sender header field');
  if (isMissing(header, 'Date')) {
    header.prepend('Date', utcDate(stamp.now()));
    stamp.added('Date header');
  } else if (!isDate(header.get('Date') ?? '')) {
    throw refusal('Malformed Date header');
  }
}

function isMissing(header: MessageHeader, name: string): boolean {
  const value = header.get(name);
  return value === null || value === '';
}

function refusal(text: string): ReplyError {
  return new ReplyError({ code: 554, enhanced: '5.6.0', text }, { modifier: 'submission_prepare', reason: text });
}
