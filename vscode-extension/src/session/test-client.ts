import { Buffer } from 'node:buffer';
import type { TestMessage } from '../../views/view-messages.ts';

/** A whole reply, of one line or several. */
export interface Reply {
  readonly code: number;
  /** Without the codes in front. */
  readonly lines: readonly string[];
}

export type Stage = 'the greeting' | 'login' | 'MAIL' | 'RCPT' | 'DATA' | 'the message';

/** The last thing that was said about a recipient. */
export interface RecipientReply {
  readonly to: string;
  readonly stage: Stage;
  readonly reply: Reply;
}

const clientName = 'client.example.net';

/**
 * What a mail program says to hand in a message: yields lines and is given the reply to the last of them; ends with what became of
 * each recipient. Speaks LMTP where the endpoint does (RFC 2033), and begins TLS where it is offered.
 */
export function* converse(
  message: TestMessage,
  protocol: string,
  now: Date,
): Generator<readonly string[], readonly RecipientReply[], Reply> {
  const { from, to } = message;
  const all = (stage: Stage, reply: Reply): readonly RecipientReply[] => to.map((each) => ({ to: each, stage, reply }));
  const greeting = yield [];
  if (greeting.code !== 220) return all('the greeting', greeting);
  const hello = [`${protocol === 'lmtp' ? 'LHLO' : 'EHLO'} ${clientName}`];
  let offered = yield hello;
  if (offers(offered, 'STARTTLS') && (yield ['STARTTLS']).code === 220) offered = yield hello;
  if (!isGood(offered)) return all('the greeting', offered);
  if (message.auth !== null) {
    // Every password is right.
    const login = yield [`AUTH PLAIN ${Buffer.from(`\0${message.auth}\0secret`).toString('base64')}`];
    if (!isGood(login)) return all('login', login);
  }
  const sender = yield [`MAIL FROM:<${from}>${parametersFor(message, offered)}`];
  if (!isGood(sender)) return all('MAIL', sender);
  const replies: RecipientReply[] = [];
  for (const each of to) replies.push({ to: each, stage: 'RCPT', reply: yield [`RCPT TO:<${each}>`] });
  const accepted = replies.filter(({ reply }) => isGood(reply));
  if (accepted.length === 0) return replies;
  const ready = yield ['DATA'];
  const ends = new Map<RecipientReply, RecipientReply>();
  if (ready.code !== 354) {
    for (const each of accepted) ends.set(each, { to: each.to, stage: 'DATA', reply: ready });
  } else {
    let reply = yield [...contentOf(message, now), '.'];
    for (const [at, each] of accepted.entries()) {
      // In LMTP each recipient has a reply of its own (RFC 2033 section 4.2).
      if (at > 0 && protocol === 'lmtp') reply = yield [];
      ends.set(each, { to: each.to, stage: 'the message', reply });
    }
  }
  return replies.map((each) => ends.get(each) ?? each);
}

export function isGood({ code }: Reply): boolean {
  return code >= 200 && code < 300;
}

function offers({ lines }: Reply, extension: string): boolean {
  return lines.some((line) => line.split(' ')[0]?.toUpperCase() === extension);
}

function parametersFor({ from, to }: TestMessage, offered: Reply): string {
  const isAscii = /^[\x20-\x7e]*$/.test([from, ...to].join(''));
  return !isAscii && offers(offered, 'SMTPUTF8') ? ' SMTPUTF8' : '';
}

/** Header and body as they are sent (RFC 5322), a dot in front of lines that begin with one (RFC 5321 section 4.5.2). */
function contentOf({ from, to, subject, body }: TestMessage, now: Date): readonly string[] {
  const lines = [
    `From: <${from === '' ? `MAILER-DAEMON@${clientName}` : from}>`,
    `To: ${to.map((each) => `<${each}>`).join(', ')}`,
    `Subject: ${encodeWords(subject)}`,
    `Date: ${now.toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${now.getTime()}@${clientName}>`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    ...body.replace(/\r?\n$/, '').split(/\r?\n/),
  ];
  return lines.map((line) => (line.startsWith('.') ? `.${line}` : line));
}

/** Printable ASCII as it is, all else as encoded words of at most 75 characters (RFC 2047). */
function encodeWords(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  const pieces: string[] = [];
  let piece = '';
  for (const character of text) {
    if (Buffer.byteLength(piece + character) > 45) {
      pieces.push(piece);
      piece = '';
    }
    piece += character;
  }
  pieces.push(piece);
  return pieces.map((each) => `=?utf-8?B?${Buffer.from(each).toString('base64')}?=`).join('\r\n ');
}
