import type { PooledConnection } from '../client/pool.ts';
import { Refusal } from '../client/reply-parser.ts';
import { ReplyError } from '../module.ts';
import type { Exchanger } from './exchangers.ts';
import type { Levels } from './policy.ts';

/** A connection to a server that a domain names. */
export interface RemoteConnection extends PooledConnection {
  readonly exchanger: Exchanger;
  readonly levels: Levels;
}

/** A refusal of a server, so that its reader knows whose words they are. */
export function saidBy(error: unknown, exchanger: Exchanger): unknown {
  if (!(error instanceof ReplyError)) return error;
  const fields = { ...error.fields, remote_server: exchanger.shown };
  const { code, enhanced, text } = error.reply;
  const said = error instanceof Refusal ? `${exchanger.shown} said: ${text}` : text;
  return new ReplyError({ code, enhanced, text: said }, fields, { cause: error });
}
