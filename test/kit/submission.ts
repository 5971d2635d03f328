import { expect } from 'vitest';
import { WireClient } from './wire-client.ts';

/** A session of a mail program: after STARTTLS and the second EHLO. */
export async function secured(port: number): Promise<WireClient> {
  const client = await WireClient.connect(port);
  await client.reply();
  await client.say('EHLO client.test');
  expect(await client.say('STARTTLS')).toMatch(/^220 /);
  await client.startTls();
  await client.say('EHLO client.test');
  return client;
}

export async function loggedIn(port: number, user: string, password: string): Promise<WireClient> {
  const client = await secured(port);
  expect(await client.say(plain(user, password))).toBe('235 2.0.0 Authentication succeeded');
  return client;
}

export function plain(user: string, password: string): string {
  return `AUTH PLAIN ${Buffer.from(`\0${user}\0${password}`).toString('base64')}`;
}

export interface ShortMessage {
  readonly from: string;
  readonly to: string;
  readonly subject: string;
}

/** Sends a message and gives the last reply. */
export async function send(client: WireClient, { from, to, subject }: ShortMessage): Promise<string> {
  expect(await client.say(`MAIL FROM:<${from}>`)).toMatch(/^250 /);
  expect(await client.say(`RCPT TO:<${to}>`)).toMatch(/^250 /);
  expect(await client.say('DATA')).toMatch(/^354 /);
  return client.say(`From: ${from}`, `To: ${to}`, `Subject: ${subject}`, '', 'Hello', '.');
}
