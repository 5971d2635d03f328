import { parseForwardPath, parseReversePath } from '../../../compiler/text/path.ts';
import { settle } from '../../eventually.ts';
import type { Eventually } from '../../module.ts';
import { asReplyError } from '../../reply-error.ts';
import type { CommandContext } from '../command.ts';
import { orUnlimited } from '../options.ts';
import { parseMailParameters, refuseRcptParameters } from '../parameters.ts';
import { replies } from '../replies.ts';

export function mail(session: CommandContext, argument: string): Eventually<void> {
  const { options, envelope } = session;
  if (!session.greeted) return session.reply(replies.helloFirst);
  if (session.chunks.isOpen) return session.reply(replies.duringTransfer('MAIL'));
  envelope.noteMailTried();
  const path = /^from:/i.test(argument) ? parseReversePath(argument.slice(5)) : null;
  if (path === null) return session.reply(replies.mailSyntax);
  const parameters = parseMailParameters(path.rest, orUnlimited(options.maxMessageSize));
  if ('code' in parameters) return session.reply(parameters);
  if (options.protocol === 'submission' && session.client.auth === null) return session.reply(replies.authFirst);
  return settle(
    () => envelope.open(path.address, parameters),
    () => session.reply(replies.mailAccepted(path.address)),
    (error) => replyError(session, error, parameters.smtputf8),
  );
}

export function rcpt(session: CommandContext, argument: string): Eventually<void> {
  const { options, envelope } = session;
  if (!envelope.isOpen) return session.reply(replies.mailFirst);
  if (session.chunks.isOpen) return session.reply(replies.duringTransfer('RCPT'));
  const path = /^to:/i.test(argument) ? parseForwardPath(argument.slice(3)) : null;
  if (path === null) return session.reply(replies.rcptSyntax);
  if (envelope.recipients.length >= orUnlimited(options.maxRecipients)) {
    return session.reply(replies.tooManyRecipients(options.maxRecipients));
  }
  const refusal = refuseRcptParameters(path.rest);
  if (refusal !== null) return session.reply(refusal);
  const { smtputf8 } = envelope;
  return settle(
    () => envelope.addRecipient(path.address),
    () => session.reply(replies.rcptAccepted(path.address)),
    (error) => replyError(session, error, smtputf8),
  );
}

function replyError(session: CommandContext, error: unknown, utf8: boolean): void {
  const { reply, messageId = session.envelope.messageId } = asReplyError(error);
  session.reply(reply, { messageId, utf8 });
}
