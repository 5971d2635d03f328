import type { CommandHandler } from './command.ts';
import { auth } from './commands/auth.ts';
import { noop, quit, reset, startTls, verify } from './commands/connection.ts';
import { data } from './commands/content.ts';
import { mail, rcpt } from './commands/envelope.ts';
import { hello } from './commands/hello.ts';
import { replies } from './replies.ts';

function notImplemented(verb: string): CommandHandler {
  return (session) => session.reply(replies.notImplemented(verb));
}

const handlers: ReadonlyMap<string, CommandHandler> = new Map<string, CommandHandler>([
  ['EHLO', hello('EHLO')],
  ['HELO', hello('HELO')],
  ['LHLO', hello('LHLO')],
  ['MAIL', mail],
  ['RCPT', rcpt],
  ['DATA', data],
  ['BDAT', (session, argument) => session.chunks.bdat(session, argument)],
  ['AUTH', auth],
  ['RSET', reset],
  ['NOOP', noop],
  ['VRFY', verify],
  ['QUIT', quit],
  ...['SEND', 'SOML', 'SAML', 'EXPN', 'HELP', 'TURN'].map((verb) => [verb, notImplemented(verb)] as const),
]);

export interface Command {
  readonly handler: CommandHandler;
  readonly argument: string;
}

/** Reads a line without its end (runtime-core 5.2): verbs have four letters, all but one. */
export function parseCommand(line: string): Command {
  // Only what begins with S can be STARTTLS: most commands do not.
  if ((line.charCodeAt(0) | 0x20) === 0x73 && /^starttls/i.test(line)) return { handler: startTls, argument: '' };
  if (line === '') return refuse(replies.emptyCommand);
  if (line.length < 4 || (line.length > 4 && line[4] !== ' ') || line.length === 5) {
    return refuse(replies.malformedCommand);
  }
  const word = line.slice(0, 4);
  const handler = handlers.get(word) ?? handlers.get(word.toUpperCase());
  if (handler === undefined) return refuse(replies.unknownCommand(word.toUpperCase()));
  return { handler, argument: line.slice(5).trim() };
}

function refuse(reply: (typeof replies)['emptyCommand']): Command {
  return { handler: (session) => session.badCommand(reply), argument: '' };
}
