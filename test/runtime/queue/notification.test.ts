import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Message } from '../../../runtime/module.ts';
import { failureNotification, type NotificationSource } from '../../../runtime/queue/dsn/notification.ts';
import { arrival, failed, queuedMessage } from '../../kit/queue.ts';

const samples = join(import.meta.dirname, '..', '..', 'vectors', 'mta-samples');

/** A recorded notification with our enhanced codes (D27) and the date of the last attempt (not of the one before). */
function sample(name: string, changes: readonly (readonly [recorded: string, ours: string])[]): string {
  const text = readFileSync(join(samples, name), 'utf8').replace(/\r?\n/g, '\r\n');
  return changes.reduce((changed, [recorded, ours]) => {
    expect(changed).toContain(recorded);
    return changed.replaceAll(recorded, ours);
  }, text);
}

/** Prose is free, boundaries and the length of a mail header differ from message to message. */
function comparable(text: string): string {
  const boundary = /boundary=([0-9a-f]{60})\r\n/.exec(text)?.[1] ?? 'no boundary';
  return text
    .replaceAll(boundary, 'BOUNDARY')
    .replace(/8bit\r\n\r\n\r\n[\s\S]*?(?=Message ID: )/, '8bit\r\n\r\n\r\nPROSE\r\n\r\n');
}

async function written({ header, body }: Message): Promise<string> {
  const chunks: Buffer[] = [header.bytes(), Buffer.from('\r\n')];
  for await (const chunk of body.chunks()) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

const header = [
  'Received: from client.test (localhost [127.0.0.1]) by mx.maddy.test',
  ' (envelope-sender <from@sender.test>) with ESMTP id 917f95f6; Sun, 22 Nov',
  ' 2026 12:32:45 +0000',
  'From: <from@sender.test>',
  'To: <to@example.test>',
  'Subject: Hello',
  'Message-Id: <abc@sender.test>',
  '',
].join('\r\n');

const permanent: NotificationSource = {
  id: 'bcb389ce',
  domain: 'maddy.test',
  now: new Date(arrival),
  message: queuedMessage(),
  failed: [
    failed('perm@example.test', { code: 550, enhanced: '5.1.1', text: 'mx.example.test. said: No such user here' }),
  ],
  hostname: 'mx.maddy.test',
  receivedFrom: 'client.test',
  header: Buffer.from(header),
};

test('a permanent failure in the first attempt', async () => {
  const recorded = sample('dsn-permanent.eml', [['5.0.0', '5.1.1']]);
  expect(comparable(await written(failureNotification(permanent)))).toBe(comparable(recorded));
});

test('a temporary failure at the last try, from the store', async () => {
  const recorded = sample('dsn-max-tries.eml', [
    ['4.0.0', '4.3.0'],
    ['12:32:47', '12:32:51'],
  ]);
  const ours = failureNotification({
    ...permanent,
    id: '9bcce903',
    now: new Date(arrival + 6000),
    message: queuedMessage({ lastAttemptAt: arrival + 6000 }),
    failed: [
      failed('always@example.test', { code: 451, enhanced: '4.3.0', text: 'mx.example.test. said: never works' }),
    ],
    receivedFrom: null,
  });
  expect(comparable(await written(ours))).toBe(comparable(recorded));
});

test('a message with SMTPUTF8', async () => {
  const recorded = sample('dsn-smtputf8.eml', [
    ['4.0.0', '4.4.2'],
    ['5.0.0', '5.4.4'],
  ]);
  const at = Date.UTC(2026, 10, 22, 12, 41, 2);
  const refused = 'No usable MXs, last err: dial tcp 127.0.0.1:21128: connect: connection refused';
  const ours = failureNotification({
    ...permanent,
    id: '9ccbc23a',
    now: new Date(at),
    message: queuedMessage({
      id: '9553e892',
      from: 'отправитель@sender.test',
      originalFrom: 'отправитель@sender.test',
      arrivedAt: at,
      lastAttemptAt: at,
      smtputf8: true,
    }),
    failed: [
      failed('получатель@example.test', { code: 451, enhanced: '4.4.2', text: refused }),
      failed('a@nx.test', { code: 554, enhanced: '5.4.4', text: 'MX lookup error' }),
    ],
    header: Buffer.from(
      [
        'Received: from client.test (localhost [127.0.0.1]) by mx.maddy.test',
        ' (envelope-sender <отправитель@sender.test>) with UTF8ESMTP id',
        ' 9553e892; Sun, 22 Nov 2026 12:41:02 +0000',
        'From: <from@sender.test>',
        'To: <to@example.test>',
        'Subject: Привет',
        'Message-Id: <abc@sender.test>',
        '',
      ].join('\r\n'),
    ),
  });
  expect(comparable(await written(ours))).toBe(comparable(recorded));
});

test('what cannot be written in ASCII without SMTPUTF8 is escaped, and line ends of replies become blanks', async () => {
  const ours = await written(
    failureNotification({
      ...permanent,
      failed: [
        {
          ...failed('получатель@example.test', { code: 550, enhanced: '5.1.1', text: 'one\ntwo' }),
          original: 'жук@пример.test',
        },
      ],
    }),
  );
  expect(ours).toContain('Diagnostic-Code: smtp; 550 5.1.1 one two\r\n');
  expect(ours).toContain('Final-Recipient: rfc822; \\x{436}\\x{443}\\x{43A}@xn--e1afmkfd.test\r\n');
});
