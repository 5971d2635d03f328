import { ReplyError } from '../module.ts';
import { ConnectionLost } from './reply-queue.ts';

/** How it is told that a server was not found by its name (runtime-mta 7.4). Null when something else went wrong. */
export function nameFailure(error: unknown): ReplyError | null {
  const cause = error instanceof ConnectionLost ? error.cause : null;
  if (cause instanceof ReplyError) return cause;
  if (!(cause instanceof Error) || !('syscall' in cause) || cause.syscall !== 'getaddrinfo') return null;
  const isUnknown = 'code' in cause && cause.code === 'ENOTFOUND';
  const reply = isUnknown ? ({ code: 550, enhanced: '5.4.4' } as const) : ({ code: 450, enhanced: '4.4.4' } as const);
  return new ReplyError({ ...reply, text: 'DNS error' }, { reason: cause.message }, { cause });
}
