import type { Refusal } from '../../compiler/routing/question.ts';
import { ReplyError } from '../module.ts';
import { reasonOf } from '../reason-of.ts';
import { internalError } from '../reply-error.ts';

/** For the router, which knows no exceptions. */
export function toRefusal(error: unknown): Refusal {
  if (error instanceof ReplyError) return { reply: error.reply, at: null, reason: error.reply.text, cause: error };
  const reason = reasonOf(error);
  return { reply: internalError, at: null, reason, cause: error };
}

/** For the session: with what the log says about it. `messageId` null: the reply names no message. */
export function toReplyError(refusal: Refusal, messageId?: string | null): ReplyError {
  const { reply, reason, recipient, cause } = refusal;
  const known = cause instanceof ReplyError ? cause.fields : { reason };
  const fields = recipient === undefined ? known : { effective_rcpt: recipient, ...known };
  return new ReplyError(reply, fields, { cause, ...(messageId === undefined ? {} : { messageId }) });
}
