import { after } from '../../../compiler/routing/later.ts';
import type { Eventually } from '../../module.ts';
import type { CommandContext, CommandHandler } from '../command.ts';
import { replies } from '../replies.ts';

/** EHLO, HELO and LHLO; all three reset the session, but the login stays (D5). */
export function hello(verb: 'EHLO' | 'HELO' | 'LHLO'): CommandHandler {
  return (session, argument) => {
    const isLmtp = session.options.protocol === 'lmtp';
    if (isLmtp && verb !== 'LHLO') return session.reply(replies.lmtpOnly);
    if (!isLmtp && verb === 'LHLO') return session.reply(replies.smtpOnly);
    const [name = ''] = argument.split(/[ \t]/, 1);
    // Controls would go on into Received fields and logs.
    if (name === '' || /[\0-\x1f\x7f]/.test(name)) return session.reply(replies.helloMissing);
    return after(session.reset(), () => greet(session, name, verb !== 'HELO'));
  };
}

function greet(session: CommandContext, name: string, extended: boolean): Eventually<void> {
  session.client.helo = name;
  return after(session.backend.hello(session.client), (refusal) => {
    if (refusal !== null) {
      session.client.helo = '';
      session.options.observer.refused('EHLO', refusal);
      return session.reply(refusal);
    }
    if (!extended) return session.reply(replies.hello(name));
    const lines = [`Hello ${name}`, ...extensions(session)];
    session.write(lines.map((line, index) => `250${index === lines.length - 1 ? ' ' : '-'}${line}\r\n`).join(''));
  });
}

/** In this order (runtime-core 5.1). */
function extensions({ options, client }: CommandContext): string[] {
  const { mechanisms, maxMessageSize, maxRecipients } = options;
  const lines = ['PIPELINING', '8BITMIME', 'ENHANCEDSTATUSCODES', 'CHUNKING'];
  if (options.tls && !client.tls) lines.push('STARTTLS');
  if (mechanisms.length > 0 && (client.tls || options.insecureAuth)) lines.push(`AUTH ${mechanisms.join(' ')}`);
  lines.push('SMTPUTF8');
  if (client.tls) lines.push('REQUIRETLS');
  lines.push(maxMessageSize <= 0 ? 'SIZE' : `SIZE ${maxMessageSize}`);
  if (maxRecipients > 0) lines.push(`LIMITS RCPTMAX=${maxRecipients}`);
  return lines;
}
