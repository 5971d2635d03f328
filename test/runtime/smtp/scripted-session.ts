import { expect } from 'vitest';
import { ReplyError } from '../../../runtime/module.ts';
import type { SessionOptions } from '../../../runtime/smtp/options.ts';
import { type FakeBackendOptions, playScript, SessionUnderTest, scriptLines } from '../../kit/session.ts';

/** Plays the script against a session of its own, and holds every reply. */
export async function plays(script: string, options: Partial<SessionOptions> = {}, backend: FakeBackendOptions = {}) {
  const peer = new SessionUnderTest(options, backend);
  expect(await playScript(script, peer)).toBe(scriptLines(script).join('\n'));
  return peer;
}

export function refusal(code: number, enhanced: string, text: string, messageId?: string | null): ReplyError {
  return new ReplyError({ code, enhanced, text }, {}, messageId === undefined ? {} : { messageId });
}

export const ehlo = `
  S: 220 mx.maddy.test ESMTP Service Ready
  C: HELO a
  S: 250 2.0.0 Hello a`;
export const accepted = `
  C: MAIL FROM:<a@b.test>
  S: 250 2.0.0 Roger, accepting mail from <a@b.test>
  C: RCPT TO:<c@d.test>
  S: 250 2.0.0 I'll make sure <c@d.test> gets this`;
export const lmtp = `
  S: 220 mx.maddy.test LMTP Service Ready
  C> LHLO a\\r\\nNOOP\\r\\n
  S: 250-Hello a
  S: 250-PIPELINING
  S: 250-8BITMIME
  S: 250-ENHANCEDSTATUSCODES
  S: 250-CHUNKING
  S: 250-SMTPUTF8
  S: 250-SIZE 33554432
  S: 250 LIMITS RCPTMAX=20000
  S: 250 2.0.0 I have successfully done nothing`;
export const go = 'S: 354 Go ahead. End your data with <CR><LF>.<CR><LF>';
