import { isMailbox } from '../../compiler/text/path.ts';
import type { Reply } from '../module.ts';
import type { MailParameters } from './backend.ts';
import { replies } from './replies.ts';

type Draft<T> = { -readonly [Key in keyof T]: T[Key] };

const noParameters: ReadonlyMap<string, string | null> = new Map();

/** Parameters by upper-case name, null where a word has two `=`. A name without `=` has the value null. */
function parseParameters(text: string): ReadonlyMap<string, string | null> | null {
  if (text === '') return noParameters;
  const parameters = new Map<string, string | null>();
  for (const word of text.split(/[ \t]+/)) {
    if (word === '') continue;
    const [name = '', value = null, ...more] = word.split('=');
    if (more.length > 0) return null;
    parameters.set(name.toUpperCase(), value);
  }
  return parameters;
}

/** The ESMTP parameters of MAIL, or the reply that refuses them. */
export function parseMailParameters(text: string, maxMessageSize: number): MailParameters | Reply {
  const parameters = parseParameters(text);
  if (parameters === null) return replies.unreadableParameters('MAIL');
  const mail: Draft<MailParameters> = { size: null, body: null, smtputf8: false, requireTls: false };
  for (const [name, value] of parameters) {
    switch (name) {
      case 'SIZE':
        mail.size = parseUint32(value ?? '');
        if (mail.size === null) return replies.badSize;
        if (mail.size > maxMessageSize) return replies.messageTooLarge;
        break;
      case 'BODY': {
        const body = (value ?? '').toUpperCase();
        if (body === 'BINARYMIME') return replies.noParameter('BINARYMIME');
        if (body !== '7BIT' && body !== '8BITMIME') return replies.badBody;
        mail.body = body;
        break;
      }
      case 'SMTPUTF8':
        mail.smtputf8 = true;
        break;
      case 'REQUIRETLS':
        mail.requireTls = true;
        break;
      case 'AUTH': {
        const mailbox = decodeXtext(value ?? '');
        if (mailbox === null) return replies.badAuthValue;
        if (mailbox !== '<>' && !isMailbox(mailbox)) return replies.badAuthMailbox;
        break;
      }
      case 'RET':
      case 'ENVID':
        return replies.noParameter(name);
      default:
        return replies.unknownMailParameter;
    }
  }
  return mail;
}

/** The reply that refuses the ESMTP parameters of RCPT; null when there are none: no extension has any here. */
export function refuseRcptParameters(text: string): Reply | null {
  const parameters = parseParameters(text);
  if (parameters === null) return replies.unreadableParameters('RCPT');
  for (const name of parameters.keys()) {
    return name === 'NOTIFY' || name === 'ORCPT' ? replies.noParameter(name) : replies.unknownRcptParameter;
  }
  return null;
}

/** Decimal digits only; null over 2^32 - 1. */
export function parseUint32(text: string): number | null {
  const value = /^[0-9]+$/.test(text) ? Number(text) : Number.NaN;
  return value <= 0xffffffff ? value : null;
}

/** RFC 3461 section 4; null when empty or malformed. */
function decodeXtext(text: string): string | null {
  if (!/^(?:[!-*,-<>-~]|\+[0-9A-F]{2})+$/.test(text)) return null;
  return text.replace(/\+([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
