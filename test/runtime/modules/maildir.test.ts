import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseHeader } from '../../../runtime/message/header.ts';
import type { Delivery, Message, MessageContext } from '../../../runtime/module.ts';
import { withLineFeeds } from '../../../runtime/modules/target/line-feeds.ts';
import { maildir } from '../../../runtime/modules/target/maildir.ts';
import { maildirPath } from '../../../runtime/modules/target/maildir-path.ts';
import { messageContext, moduleContext } from '../../kit/modules.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'maddyc-maildir-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function message(context: MessageContext, body = 'one\r\ntwo\r\n'): Message {
  const header = parseHeader(Buffer.from('Subject: s\r\n'));
  if ('fault' in header) throw new Error(header.fault);
  const bytes = Buffer.from(body);
  return { context, header, body: { size: bytes.length, chunks: () => [bytes] } };
}

async function open(config: { readonly path?: string; readonly create?: boolean } = {}, from = 'a@x.test') {
  const { context } = moduleContext({ stateDir: directory });
  const { target } = maildir.create(
    { path: 'mail/{domain}/{user}', create: true, junk_folder: 'Junk', debug: false, ...config },
    context,
  );
  if (target === undefined) throw new Error('no target');
  return target.start(messageContext(), from);
}

async function deliverTo(delivery: Delivery, to: readonly string[], context = messageContext()): Promise<void> {
  for (const recipient of to) await delivery.addRecipient(recipient, recipient);
  await delivery.body(message(context), null);
}

/** Files below the state directory, with their content. */
function files(): Record<string, string> {
  const found = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    found.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [
        relative(directory, path).replace(/\d+\.P\d+R[0-9a-f]{16}\.[^/,]+/, 'UNIQUE'),
        readFileSync(path, 'utf8'),
      ];
    }),
  );
}

const content = 'Subject: s\n\none\ntwo\n';

test('a message is visible only after the commit, whole and with its envelope', async () => {
  const delivery = await open();
  await deliverTo(delivery, ['Ann@X.test', 'bob@x.test']);
  const ann = `Return-Path: <a@x.test>\nDelivered-To: Ann@X.test\n${content}`;
  const bob = `Return-Path: <a@x.test>\nDelivered-To: bob@x.test\n${content}`;
  expect(files()).toEqual({ 'mail/x.test/ann/tmp/UNIQUE': ann, 'mail/x.test/bob/tmp/UNIQUE': bob });
  await delivery.commit();
  expect(files()).toEqual({
    [`mail/x.test/ann/new/UNIQUE,S=${ann.length}`]: ann,
    [`mail/x.test/bob/new/UNIQUE,S=${bob.length}`]: bob,
  });
});

test('given up: nothing stays', async () => {
  const delivery = await open();
  await deliverTo(delivery, ['ann@x.test']);
  await delivery.abort();
  expect(files()).toEqual({});
});

test('quarantined mail goes to the folder for it', async () => {
  const delivery = await open();
  await deliverTo(delivery, ['ann@x.test'], messageContext({ quarantined: true }));
  await delivery.commit();
  expect(Object.keys(files()).sort()).toEqual([
    expect.stringMatching(/^mail\/x\.test\/ann\/\.Junk\/maildirfolder$/),
    expect.stringMatching(/^mail\/x\.test\/ann\/\.Junk\/new\/UNIQUE/),
  ]);
});

test('with create no, only mailboxes that exist', async () => {
  const first = await open();
  await deliverTo(first, ['ann@x.test']);
  await first.commit();
  const delivery = await open({ create: false });
  await delivery.addRecipient('ann@x.test', 'ann@x.test');
  await expect((async () => delivery.addRecipient('bob@x.test', 'bob@x.test'))()).rejects.toThrow(
    '550 5.1.1 No such mailbox',
  );
});

test('what the disk refuses is temporary and told for each recipient', async () => {
  writeFileSync(join(directory, 'mail'), 'a file where a directory should be');
  const delivery = await open();
  await delivery.addRecipient('ann@x.test', 'ann@x.test');
  const fates: string[] = [];
  await delivery.body(message(messageContext()), (to, error) => fates.push(`${to} ${error?.message}`));
  expect(fates).toEqual(['ann@x.test 451 4.3.0 Mailbox is not available now']);
  await expect(delivery.body(message(messageContext()), null)).rejects.toThrow('451 4.3.0');
});

describe('paths', () => {
  test.each([
    ['{domain}/{user}', 'Ann@Example.ORG.', '/s/example.org/ann'],
    ['/var/mail/{address}/Maildir', 'ann+tag@example.org', '/var/mail/ann+tag@example.org/Maildir'],
    ['{user}', '../../etc/passwd@x.test', '/s/%2E.%2F..%2Fetc%2Fpasswd'],
    ['{user}', '.hidden@x.test', '/s/%2Ehidden'],
    ['{domain}', 'a@..', '/s/%2E'],
    ['{user}', '"a b\\"c"@x.test', '/s/"a b%5C"c"'],
    ['{domain}', 'a@xn--mnchen-3ya.test', '/s/münchen.test'],
  ])('%s for %s', (template, recipient, path) => {
    expect(maildirPath(template, '/s', recipient)).toBe(path);
  });

  test('no recipient leaves the directory', () => {
    const any = fc.string({ unit: fc.constantFrom(...'./\\%~a:\0@"', 'ü', '\u202e', '\ud800') });
    fc.assert(
      fc.property(fc.tuple(any, any), ([localPart, domain]) => {
        const path = maildirPath('{domain}/{user}', '/state', `${localPart}@${domain}`);
        if (path === null) return;
        expect(path).toMatch(/^\/state\/[^/\0]+\/[^/\0]+$/u);
        expect(path.split('/').some((part) => part.startsWith('.'))).toBe(false);
      }),
    );
  });
});

/** Each chunk only until the next is taken, as large bodies are read. */
function* overwritten(chunks: readonly string[]): Generator<Buffer> {
  for (const chunk of chunks) {
    const bytes = Buffer.from(chunk);
    yield bytes;
    bytes.fill('x');
  }
}

test('CRLF becomes LF wherever the chunks are cut', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ unit: fc.constantFrom('\r', '\n', 'a') })), async (chunks) => {
      const converted: Buffer[] = [];
      for await (const chunk of withLineFeeds(overwritten(chunks))) converted.push(Buffer.from(chunk));
      expect(Buffer.concat(converted).toString()).toBe(chunks.join('').replaceAll('\r\n', '\n'));
    }),
  );
});
