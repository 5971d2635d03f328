import { type Reply, ReplyError } from './module.ts';
import { reasonOf } from './reason-of.ts';

/** A failure without a reply of its own is a fault of ours, and temporary: the client may try again. */
export const internalError: Reply = { code: 451, enhanced: '4.0.0', text: 'Internal server error' };

/** What was thrown, as a refusal; a fault of ours keeps its text for the log. */
export function asReplyError(error: unknown): ReplyError {
  if (error instanceof ReplyError) return error;
  return new ReplyError(internalError, { reason: reasonOf(error) }, { cause: error });
}
