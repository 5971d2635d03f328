import { type Reply, ReplyError } from '../module.ts';

export interface FailedRecipient {
  /** As the client named it. */
  readonly to: string;
  readonly failure: ReplyError;
}

/** A reply line should stay near the 512 bytes of RFC 5321 section 4.5.3.1.5. */
const longestText = 400;

/**
 * One reply for several recipients, where SMTP has no room for one each (D2). Temporary if any of them is: the client
 * tries again, and recipients that fail for good are told to it then.
 */
export function combineFailures(
  failed: readonly [FailedRecipient, ...FailedRecipient[]],
  recipients: number,
): ReplyError {
  const [{ failure: first }] = failed;
  const alike = failed.every(({ failure }) => isSameReply(failure.reply, first.reply));
  if (alike && failed.length === recipients) return first;
  const leading = failed.find(({ failure }) => failure.reply.code < 500)?.failure ?? first;
  const { code, enhanced } = leading.reply;
  return new ReplyError({ code, enhanced, text: describe(failed) }, leading.fields, { cause: leading });
}

function isSameReply(a: Reply, b: Reply): boolean {
  return a.code === b.code && a.enhanced === b.enhanced && a.text === b.text;
}

function describe(failed: readonly FailedRecipient[]): string {
  let text = '';
  for (const [at, { to, failure }] of failed.entries()) {
    const { code, enhanced, text: reason } = failure.reply;
    const next = `${at === 0 ? '' : '; '}<${to}>: ${code} ${enhanced} ${reason}`;
    if (at > 0 && text.length + next.length > longestText) return `${text}; and ${failed.length - at} more`;
    text += next;
  }
  return text;
}
