import type { MessageContext } from '../module.ts';
import { ReplyError } from '../module.ts';
import { encodeBase64 } from '../sasl/base64.ts';
import type { Exchange, ReadyExchange } from './exchange.ts';
import { type Extensions, noExtensions, parseExtensions } from './extensions.ts';
import { isPositive, refusalOf, replyText, type ServerReply } from './reply-parser.ts';

export type ClientAuth =
  | { readonly mechanism: 'off' | 'forward' | 'external' }
  | { readonly mechanism: 'plain' | 'login'; readonly user: string; readonly password: string };

export interface HandshakeOptions {
  readonly protocol: 'smtp' | 'lmtp';
  /** Name for EHLO and LHLO, in A-labels. */
  readonly hostname: string;
  /** On TCP; implicit TLS counts (D25). `offered`: a server without it gets the mail all the same. */
  readonly startTls: 'never' | 'offered' | 'required';
  readonly auth: ClientAuth;
}

/** From the greeting to the point where MAIL may be sent (runtime-core 14). Fails with ReplyError or ConnectionLost. */
export async function shakeHands(
  exchange: Exchange,
  options: HandshakeOptions,
  client: MessageContext['auth'],
): Promise<ReadyExchange> {
  const greeting = await exchange.greeting();
  if (!isPositive(greeting)) throw refusalOf(greeting, exchange.server);
  let extensions = await sayHello(exchange, options);
  if (wantsStartTls(options, extensions) && !exchange.secured && !exchange.local) {
    await startTls(exchange, extensions);
    // What the server offered in the clear does not count (RFC 3207 section 4.2).
    extensions = await sayHello(exchange, options);
  }
  await authenticate(exchange, options.auth, client);
  return { exchange, extensions };
}

function wantsStartTls({ startTls }: HandshakeOptions, extensions: Extensions): boolean {
  return startTls === 'required' || (startTls === 'offered' && extensions.startTls);
}

async function sayHello(exchange: Exchange, { protocol, hostname }: HandshakeOptions): Promise<Extensions> {
  const hello = await exchange.ask(`${protocol === 'lmtp' ? 'LHLO' : 'EHLO'} ${hostname}`);
  if (isPositive(hello)) return parseExtensions(hello);
  // A server of RFC 821 knows only HELO; one that has no time has none for HELO either.
  if (protocol === 'lmtp' || hello.code < 500) throw refusalOf(hello, exchange.server);
  const fallback = await exchange.ask(`HELO ${hostname}`);
  if (!isPositive(fallback)) throw refusalOf(fallback, exchange.server);
  return noExtensions;
}

async function startTls(exchange: Exchange, extensions: Extensions): Promise<void> {
  if (!extensions.startTls) {
    throw temporary('4.7.10', 'TLS is required, but the next server does not offer STARTTLS', exchange);
  }
  const reply = await exchange.ask('STARTTLS');
  if (!isPositive(reply)) {
    throw temporary('4.7.10', `TLS is required, but the next server refuses STARTTLS: ${replyText(reply)}`, exchange);
  }
  await exchange.startTls();
}

/** What the operator has written is tried, whether or not the server offers it (runtime-mta 8.3). */
async function authenticate(exchange: Exchange, auth: ClientAuth, client: MessageContext['auth']): Promise<void> {
  switch (auth.mechanism) {
    case 'off':
      return;
    case 'forward': {
      if (client === null) throw authenticationRequired();
      const reply = await plain(exchange, client.user, client.password);
      // The credentials are the client's own: it is told what the server says to them.
      if (!isPositive(reply)) throw refusalOf(reply, exchange.server);
      return;
    }
    case 'plain':
      return requireAccepted(exchange, await plain(exchange, auth.user, auth.password));
    case 'login':
      return requireAccepted(exchange, await login(exchange, auth.user, auth.password));
    case 'external':
      return requireAccepted(exchange, await exchange.ask('AUTH EXTERNAL ='));
  }
}

/** `auth forward` without a logged-in client. */
export function authenticationRequired(): ReplyError {
  return new ReplyError({ code: 530, enhanced: '5.7.0', text: 'Authentication is required' });
}

/** RFC 4616. */
function plain(exchange: Exchange, user: string, password: string): Promise<ServerReply> {
  return exchange.ask(`AUTH PLAIN ${encodeBase64(`\0${user}\0${password}`)}`);
}

/** The name goes along with the command, as maddy sends it; some servers ask for it all the same. */
async function login(exchange: Exchange, user: string, password: string): Promise<ServerReply> {
  const first = await exchange.ask(`AUTH LOGIN ${encodeBase64(user)}`);
  const reply = asksForName(first) ? await exchange.ask(encodeBase64(user)) : first;
  return reply.code === 334 ? exchange.ask(encodeBase64(password)) : reply;
}

function asksForName(reply: ServerReply): boolean {
  return reply.code === 334 && /^user/i.test(Buffer.from(replyText(reply), 'base64').toString());
}

/** Our credentials are our operator's affair: for the sender the failure is temporary (D1). */
function requireAccepted(exchange: Exchange, reply: ServerReply): void {
  if (isPositive(reply)) return;
  throw temporary('4.7.8', `The next server refuses our login: ${reply.code} ${replyText(reply)}`, exchange);
}

function temporary(enhanced: string, text: string, exchange: Exchange): ReplyError {
  return new ReplyError({ code: 451, enhanced, text }, { remote_server: exchange.server });
}
