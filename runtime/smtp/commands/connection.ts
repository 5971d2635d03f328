import { after } from '../../../compiler/routing/later.ts';
import type { Eventually } from '../../module.ts';
import type { CommandContext } from '../command.ts';
import { replies } from '../replies.ts';

export function startTls(session: CommandContext): Eventually<void> {
  if (session.client.tls) return session.reply(replies.alreadyTls);
  if (!session.options.tls) return session.reply(replies.noTls);
  session.startTls(replies.startTls);
}

export function quit(session: CommandContext): void {
  session.close(replies.bye);
}

export function reset(session: CommandContext): Eventually<void> {
  return after(session.reset(), () => session.reply(replies.reset));
}

export function noop(session: CommandContext): void {
  session.reply(replies.didNothing);
}

export function verify(session: CommandContext): void {
  session.reply(replies.verifyNothing);
}
