import type { ReplyValue } from '../plan/plan.ts';
import { isPrintable } from './ascii.ts';

/** A reply as a client sees it, without the message id. */
export function wireReply({ code, enhanced, text }: ReplyValue, utf8: boolean): ReplyValue {
  return { code, enhanced: wireEnhanced(code, enhanced), text: wireText(text, utf8) };
}

/** Without SMTPUTF8 a client must not get more than ASCII (runtime-core 6.5); a line break (a downstream's, a check's) becomes a blank. */
export function wireText(text: string, utf8: boolean): string {
  if (isPrintable(text) || !/[^\t -~]/.test(text)) return text;
  return (utf8 ? text : text.replace(/[^\0-\x7f]/gu, '?')).replace(/[\r\n]+/g, ' ');
}

/** `0.0.0` and nothing stand for the class alone; the class is always the reply's (D7). */
export function wireEnhanced(code: number, enhanced: string): string {
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
