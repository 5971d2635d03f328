import { wireEnhanced, wireText } from '../../compiler/text/reply.ts';
import type { Reply } from '../module.ts';

export interface ReplyForm {
  /** Named at the end, so that people can be asked for their log lines. */
  readonly messageId: string | null;
  readonly utf8: boolean;
}

const plainForm: ReplyForm = { messageId: null, utf8: true };

/** One reply as it goes over the wire. */
export function replyLine({ code, enhanced, text }: Reply, form: ReplyForm = plainForm): string {
  const suffix = form.messageId === null ? '' : ` (msg ID = ${form.messageId})`;
  return `${code} ${wireEnhanced(code, enhanced)} ${wireText(text, form.utf8)}${suffix}\r\n`;
}
