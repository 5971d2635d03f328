import type { Eventually } from '../../module.ts';
import type { LogFields } from '../../observe/log.ts';
import { decodeBase64, encodeBase64 } from '../../sasl/base64.ts';
import { type Exchange, type ExchangeStep, startExchange } from '../../sasl/exchange.ts';
import type { AuthOutcome } from '../backend.ts';
import type { CommandContext } from '../command.ts';
import { clientEndpoint } from '../live-client.ts';
import { greetings, replies } from '../replies.ts';

/** RFC 4954, with the order of checks of runtime-core 15.1. */
export function auth(session: CommandContext, argument: string): Eventually<void> {
  const { options, client } = session;
  if (!session.greeted) return session.reply(replies.helloFirst);
  if (client.auth !== null) return session.reply(replies.alreadyAuthenticated);
  const [mechanism = '', initial] = argument.split(/[ \t]+/);
  if (mechanism === '') return session.reply(replies.mechanismMissing);
  if (options.tls && !client.tls && !options.insecureAuth) return session.reply(replies.tlsFirst);
  const response = initial === undefined ? null : decodeResponse(initial);
  if (initial !== undefined && response === null) return session.reply(replies.badBase64);
  const exchange = startExchange(mechanism, options.mechanisms);
  if (exchange === null) return session.reply(replies.unknownMechanism);
  return advance(session, mechanism.toUpperCase(), exchange, response);
}

/** An initial response `=` is an empty one. */
function decodeResponse(text: string): Buffer | null {
  return text === '=' ? Buffer.alloc(0) : decodeBase64(text);
}

function advance(
  session: CommandContext,
  mechanism: string,
  exchange: Exchange,
  response: Buffer | null,
): Eventually<void> {
  const step = exchange.step(response);
  switch (step.kind) {
    case 'challenge':
      session.write(greetings.challenge(encodeBase64(step.text)));
      return session.readResponse((line) => {
        if (line === '*') return session.reply(replies.authCancelled);
        const next = decodeBase64(line);
        return next === null ? session.reply(replies.badBase64) : advance(session, mechanism, exchange, next);
      });
    case 'malformed':
      session.reply(replies.badAuthResponse);
      return session.noteFailedLogin();
    case 'refused':
      logFailure(session, step.user, step.reason);
      session.reply(replies.badCredentials);
      return session.noteFailedLogin();
    case 'credentials':
      return verify(session, mechanism, step);
  }
}

async function verify(
  session: CommandContext,
  mechanism: string,
  { user, password }: Extract<ExchangeStep, { kind: 'credentials' }>,
): Promise<void> {
  const credentials = { authorization: '', user, password };
  let outcome: AuthOutcome;
  try {
    outcome = await session.backend.authenticate(session.client, mechanism, credentials);
  } catch (error) {
    session.options.log.child('sasl').error('authentication failed', error, origin(session, user));
    return session.reply(replies.authUnavailable);
  }
  const { verdict, identity } = outcome;
  if (verdict.kind === 'accepted') {
    session.client.auth = { user: identity, password, mechanism };
    return session.reply(replies.authenticated);
  }
  logFailure(session, user, verdict.reason);
  if (verdict.kind === 'temporary') return session.reply(replies.authUnavailable);
  session.reply(replies.badCredentials);
  session.noteFailedLogin();
}

function logFailure(session: CommandContext, user: string, reason: string): void {
  session.options.log.child('sasl').message('authentication failed', { reason, ...origin(session, user) });
}

function origin(session: CommandContext, username: string): LogFields {
  const endpoint = clientEndpoint(session.client);
  return endpoint === null ? { username } : { src_ip: endpoint, username };
}
