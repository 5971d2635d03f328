import { expect, test } from 'vitest';
import type { SessionOptions } from '../../../runtime/smtp/options.ts';
import { patternOf } from '../../kit/conformance/transcripts/placeholders.ts';
import { type FakeBackendOptions, SessionUnderTest } from '../../kit/session.ts';
import { type TranscriptStep, transcript } from '../../kit/transcripts.ts';

type Setting = Partial<SessionOptions> & { readonly passwords?: FakeBackendOptions['passwords'] };

const submission: Setting = { protocol: 'submission', mechanisms: ['PLAIN'], passwords: { user: 'pw', a: 'b' } };

/** Recorded sessions whose answers need no pipeline, with what their configuration says to the session. */
const settings: Readonly<Record<string, Setting>> = {
  'ehlo-plain': {},
  'helo-plain': {},
  'ehlo-tls-starttls': { tls: true, insecureAuth: false },
  'ehlo-auth-insecure': { mechanisms: ['PLAIN'] },
  'ehlo-auth-tls-only': { tls: true, insecureAuth: false, mechanisms: ['PLAIN'], passwords: { u: 'p' } },
  'starttls-not-configured': {},
  'unimplemented-commands': {},
  'protocol-error-limit': {},
  'mangled-commands': {},
  'lhlo-on-smtp': {},
  'command-order': { mechanisms: ['PLAIN'] },
  'mail-syntax': {},
  'mail-params': {},
  'rcpt-syntax': {},
  'basic-delivery': {},
  pipelining: {},
  bdat: {},
  'dot-stuffing': {},
  'no-header-at-all': {},
  'header-errors': {},
  'lf-only-message': {},
  'max-message-size-param': { maxMessageSize: 1024 },
  'max-header-size': { maxHeaderSize: 1024 },
  'max-recipients': { maxRecipients: 2 },
  'line-too-long': { maxLineLength: 100 },
  'submission-requires-auth': submission,
  'submission-headers-added': submission,
  'submission-bad-headers': submission,
  'auth-then-ehlo': submission,
  'auth-plain-continuation': { ...submission, passwords: { 'user1@maddy.test': 'secret1' } },
  'auth-plain-failures': { ...submission, passwords: { 'user1@maddy.test': 'secret1' } },
  'auth-login': { ...submission, mechanisms: ['PLAIN', 'LOGIN'], passwords: { 'user1@maddy.test': 'secret1' } },
  'lmtp-basic': { protocol: 'lmtp' },
  'lmtp-ehlo-refused': { protocol: 'lmtp' },
  'lmtp-duplicate-recipient': { protocol: 'lmtp' },
  'utf8-header-8bit-body': {},
  'large-message-auto-buffer': {},
};

for (const [name, { passwords = {}, ...options }] of Object.entries(settings)) {
  for (const slow of [false, true]) {
    test(`${name}${slow ? ', every answer in a later turn' : ''}`, async () => {
      const recorded = transcript(name);
      expect(recorded.quirk).toBeUndefined();
      let peer = new SessionUnderTest(options, { slow, passwords });
      let output: string[] = [];
      for (const step of recorded.steps) {
        if (step.connect !== undefined && output.length === 0) continue;
        if (step.connect !== undefined) {
          peer = new SessionUnderTest(options, { slow, passwords });
          output = [];
        }
        await give(peer, step);
        output.push(...peer.takeOutput().split('\r\n').slice(0, -1));
        for (const expected of step.expect ?? []) expect(output.shift()).toMatch(patternOf(expected));
        if (step.eof) {
          expect(output).toEqual([]);
          expect(peer.ended).toBe(true);
        }
      }
    });
  }
}

async function give(peer: SessionUnderTest, step: TranscriptStep): Promise<void> {
  if (step.send !== undefined) await peer.send(step.send.map((line) => `${line}\r\n`).join(''));
  if (step.send_raw !== undefined) await peer.send(step.send_raw);
  if (step.send_repeat !== undefined) await peer.send(`${step.send_repeat.line}\r\n`.repeat(step.send_repeat.count));
  if (step.starttls) {
    expect(peer.startedTls).toBe(true);
    peer.session.secured();
    await peer.settled();
  }
}
