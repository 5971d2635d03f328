import { isPrintable } from '../../compiler/text/ascii.ts';
import type { Reply } from '../module.ts';

export interface ReplyForm {
  /** Named at the end, so that people can be asked for their log lines. */
  readonly messageId: string | null;
  /** Without SMTPUTF8 a client must not get more than ASCII (6.5). */
  readonly utf8: boolean;
}

const plainForm: ReplyForm = { messageId: null, utf8: true };

/** One reply as it goes over the wire. A line break in its text (a downstream's, a check's) becomes a blank. */
export function replyLine(reply: Reply, form: ReplyForm = plainForm): string {
  const suffix = form.messageId === null ? '' : ` (msg ID = ${form.messageId})`;
  return `${reply.code} ${enhancedCode(reply)} ${sayable(reply.text, form.utf8)}${suffix}\r\n`;
}

function sayable(text: string, utf8: boolean): string {
  if (isPrintable(text) || !/[^\t -~]/.test(text)) return text;
  return (utf8 ? text : text.replace(/[^\0-\x7f]/gu, '?')).replace(/[\r\n]+/g, ' ');
}

/** `0.0.0` and nothing stand for the class alone; the class is always the reply's (D7). */
function enhancedCode({ code, enhanced }: Reply): string {
  const replyClass = Math.floor(code / 100);
  if (isShortForm(enhanced) && digitAt(enhanced, 0) === replyClass) return enhanced;
  const parts = /^[0-9]\.([0-9]{1,3}\.[0-9]{1,3})$/.exec(enhanced);
  return `${replyClass}.${parts?.[1] ?? '0.0'}`;
}

/** `D.D.D`, as nearly all are. */
function isShortForm(enhanced: string): boolean {
  const hasDots = enhanced.length === 5 && enhanced[1] === '.' && enhanced[3] === '.';
  return hasDots && digitAt(enhanced, 2) !== -1 && digitAt(enhanced, 4) !== -1;
}

/** -1: none. */
function digitAt(text: string, at: number): number {
  const digit = text.charCodeAt(at) - 0x30;
  return digit >= 0 && digit <= 9 ? digit : -1;
}
