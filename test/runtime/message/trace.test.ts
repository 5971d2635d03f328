import { expect, test } from 'vitest';
import { localDate } from '../../../runtime/message/date.ts';
import { parseHeader } from '../../../runtime/message/header.ts';
import { type ReceivedStamp, receivedValue, saysTlsNotRequired } from '../../../runtime/message/trace.ts';
import type { MessageContext } from '../../../runtime/module.ts';
import { messageContext } from '../../kit/modules.ts';

const date = localDate(new Date(2026, 10, 22, 12, 35, 49));
const client = { address: '192.0.2.1', port: 1, helo: 'client.test', reverseName: async () => null, tls: false };

function received(changes: Partial<MessageContext> = {}, stamp: Partial<ReceivedStamp> = {}): string {
  const context = messageContext({ id: '0123abcd', client, originalFrom: 'A@B.test', ...changes });
  const value = receivedValue(context, { hostname: 'mx.test', tellsClient: true, reverseName: null, date, ...stamp });
  const [trace = '', writtenDate = ''] = value.split('; ');
  expect(writtenDate).toMatch(/^Sun, 22 Nov 2026 12:35:49 [+-]\d{4}$/);
  return trace;
}

test('Received tells client, this host, sender, protocol and message (runtime-core 9.1)', () => {
  expect(received()).toBe(
    'from client.test ([192.0.2.1]) by mx.test (envelope-sender <A@B.test>) with ESMTP id 0123abcd',
  );
  expect(received({}, { reverseName: 'ptr.test' })).toMatch(/^from client.test \(ptr.test \[192.0.2.1\]\) by /);
  expect(received({ client: { ...client, tls: true } })).toContain(' with ESMTPS id ');
  expect(received({ originalFrom: '' })).toMatch(/ by mx.test with ESMTP id /);
});

test('submission does not tell where its users are', () => {
  expect(received({}, { tellsClient: false })).toBe('by mx.test (envelope-sender <A@B.test>) with ESMTP id 0123abcd');
});

test('a client on a unix socket has no address', () => {
  expect(received({ client: { ...client, address: null } })).toMatch(/^from client.test by mx.test /);
});

test('names are in A-labels, with SMTPUTF8 in U-labels; what has no such form is left out', () => {
  const unicode = { client: { ...client, helo: 'пример.test' }, originalFrom: 'a@пример.test' };
  const ascii = { client: { ...client, helo: 'xn--e1afmkfd.test' }, originalFrom: 'a@xn--e1afmkfd.test' };
  const encoded = 'from xn--e1afmkfd.test ([192.0.2.1]) by mx.test (envelope-sender <a@xn--e1afmkfd.test>) with ESMTP';
  const decoded = 'from пример.test ([192.0.2.1]) by mx.test (envelope-sender <a@пример.test>) with UTF8ESMTP';
  for (const names of [unicode, ascii]) {
    expect(received(names)).toBe(`${encoded} id 0123abcd`);
    expect(received({ ...names, smtputf8: true })).toBe(`${decoded} id 0123abcd`);
  }
  expect(received({ client: { ...client, helo: 'xn--0.test' }, smtputf8: true, originalFrom: 'a@xn--0.test' })).toBe(
    '([192.0.2.1]) by mx.test with UTF8ESMTP id 0123abcd',
  );
  expect(received({ originalFrom: 'ö@b.test' })).not.toContain('envelope-sender');
});

test('TLS-Required: No', () => {
  const says = (text: string): boolean => {
    const header = parseHeader(Buffer.from(text));
    return 'fault' in header ? false : saysTlsNotRequired(header);
  };
  expect(says('TLS-Required: No\r\n')).toBe(true);
  expect(says('tls-required:  nO \r\n')).toBe(true);
  expect(says('TLS-Required: Nope\r\n')).toBe(false);
  expect(says('Subject: No\r\n')).toBe(false);
});
