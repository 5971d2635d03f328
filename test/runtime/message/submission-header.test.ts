import { describe, expect, test } from 'vitest';
import { countAddresses } from '../../../runtime/message/address-list.ts';
import { isDate, localDate, utcDate } from '../../../runtime/message/date.ts';
import { parseHeader } from '../../../runtime/message/header.ts';
import { prepareSubmissionHeader } from '../../../runtime/message/submission-header.ts';
import { ReplyError } from '../../../runtime/module.ts';

function prepare(text: string): string {
  const header = parseHeader(Buffer.from(text));
  if ('fault' in header) throw new Error(header.fault);
  const added: string[] = [];
  const stamp = {
    hostname: 'mx.maddy.test',
    now: () => new Date(Date.UTC(2026, 10, 2, 5, 4, 3)),
    uuid: () => 'UUID',
    added: (what: string) => added.push(what),
  };
  try {
    prepareSubmissionHeader(header, stamp);
  } catch (error) {
    if (error instanceof ReplyError) return error.message;
    throw error;
  }
  return header.bytes().toString();
}

const complete = 'Date: Mon, 02 Nov 2026 01:02:03 +0100\r\nMessage-ID: <a@b>\r\n';

test('what is missing is added on top, and an empty field counts as missing', () => {
  const from = 'From: <a@b.c>\r\n';
  const added = 'Date: Mon, 2 Nov 2026 05:04:03 +0000\r\nMessage-Id: <UUID@mx.maddy.test>\r\n';
  expect(prepare(from)).toBe(added + from);
  expect(prepare(`Date: \r\n${from}message-id:\r\n`)).toBe(`${added}Date: \r\n${from}message-id:\r\n`);
  expect(prepare(complete + from)).toBe(complete + from);
});

test.each([
  ['To: x y\r\n', 'Message does not contains a From header field'],
  ['From:\r\n', 'Message does not contains a From header field'],
  ['From: <a@b.c>\r\nSender: <a@b.c>, <d@e.f>\r\n', 'Invalid address in Sender'],
  ['From: bad\r\nSender: bad\r\n', 'Invalid address in Sender'],
  ['From: bad\r\nReply-To: bad\r\n', 'Invalid address in Reply-To'],
  ['From: bad\r\nCc: bad\r\nTo: bad\r\n', 'Invalid address in To'],
  ['From: bad\r\n', 'Invalid address in From'],
  ['From: <a@b.c>, <d@e.f>\r\nDate: x\r\n', 'Missing Sender header field'],
  ['From: <a@b.c>\r\nDate: yesterday\r\n', 'Malformed Date header'],
])('%j is refused in the order of maddy', (text, reason) => {
  expect(prepare(text)).toBe(`554 5.6.0 ${reason}`);
});

describe('address lists', () => {
  test.each([
    ['<a@b.c>', 1],
    ['a@b.c, "x, y" <d@e.f>', 2],
    ['John Q. Public <j@x.y>', 1],
    ['=?utf-8?q?a?= <a@b>', 1],
    ['undisclosed-recipients:;', 0],
    ['g: a@b, c@d; , e@f', 3],
    ['(comment (nested)) a@b (more)', 1],
    ['Тест <т@пример.test>', 1],
    ['a@[127.0.0.1]', 1],
    ['"a b"@c.d', 1],
    ['', 0],
    ['x y', null],
    ['@@', null],
    ['a@b c@d', null],
    ['a@b (open', null],
    ['"open <a@b>', null],
    ['<a@b', null],
    ['<>', null],
    ['a..b@c', null],
    ['g: h: a@b;;', null],
    [',', null],
  ])('%j has %j addresses', (text, count) => {
    expect(countAddresses(text)).toBe(count);
  });

  test('long and hostile ones are read in a time that grows with their length', () => {
    for (const part of ['(', '"', '<', 'a@b,', 'a ', ',', '\\', 'g:', '@']) {
      expect(countAddresses(part.repeat(200_000))).toBe(part === 'a@b,' ? 200_000 : null);
    }
  });
});

describe('dates', () => {
  test.each([
    'Mon, 2 Nov 2026 05:04:03 +0000',
    'Tue, 02 Nov 2026 05:04:03 +0000',
    '2 Nov 2026 05:04 GMT',
    '02 Nov 26 05:04:03 EST',
    'Mon,  2 Nov 2026 05:04:03 -0700 (MST)',
    '29 Feb 2028 00:00:00 +0000',
  ])('%s is one', (text) => expect(isDate(text)).toBe(true));

  test.each([
    'Monday, 2 Nov 2026 05:04:03 +0000',
    '2 January 2026 05:04:03 +0000',
    '32 Jan 2026 05:04:03 +0000',
    '29 Feb 2026 05:04:03 +0000',
    '0 Jan 2026 05:04:03 +0000',
    '2 Nov 2026 24:00:00 +0000',
    '2 Nov 2026 05:60:00 +0000',
    '2 Nov 2026 05:04:03',
    '2026-11-02T05:04:03Z',
    '',
  ])('%s is none', (text) => expect(isDate(text)).toBe(false));

  test('what is written here can be read here', () => {
    const date = new Date(Date.UTC(2026, 0, 3, 4, 5, 6));
    expect(utcDate(date)).toBe('Sat, 3 Jan 2026 04:05:06 +0000');
    expect(isDate(localDate(date))).toBe(true);
    expect(Date.parse(localDate(date))).toBe(date.getTime());
  });
});
