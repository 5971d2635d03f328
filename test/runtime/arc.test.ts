import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sealMessage } from '../../runtime/arc/seal.ts';
import { verifyChain } from '../../runtime/arc/verify.ts';
import { writeKeyRecord } from '../../runtime/dkim/key-record.ts';
import type { SigningKey } from '../../runtime/dkim/signing-key.ts';
import { texts, writePacket } from '../../runtime/milter/packet.ts';
import type { Message } from '../../runtime/module.ts';
import { ServerWithMaildir } from '../kit/mail-server.ts';
import { bytesOf, messageOf } from '../kit/message.ts';
import { ScriptedMilter } from '../kit/milter.ts';
import { type KnownRecords, knownResolver } from '../kit/resolver.ts';

const pairs = { rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }), ed25519: generateKeyPairSync('ed25519') };
const records = {
  rsa: writeKeyRecord('rsa', pairs.rsa.publicKey),
  ed25519: writeKeyRecord('ed25519', pairs.ed25519.publicKey),
};
const dns: KnownRecords = Object.fromEntries(
  Object.entries(records).map(([selector, record]) => [`${selector}._domainkey.x.test`, { TXT: [record] }]),
);
const now = Math.floor(Date.now() / 1000);
const plain = 'From: a@y.test\r\nSubject: s\r\nTo: l@x.test\r\n\r\nHello.\r\n\r\n';

async function state(message: Message | string, names: KnownRecords = dns): Promise<string> {
  const given = typeof message === 'string' ? messageOf(message) : message;
  const { value, reason, length } = await verifyChain(given, knownResolver(names), now);
  return `${value} ${length} ${reason}`.trim();
}

async function sealed(message: Message, type: SigningKey['type'] = 'rsa'): Promise<Message> {
  const found = await verifyChain(message, knownResolver(dns), now);
  const signer = { domain: 'x.test', selector: type, key: { type, key: pairs[type].privateKey } };
  await sealMessage(message, signer, found, `mx.x.test; spf=pass smtp.mailfrom=y.test; arc=${found.value}`, now);
  return messageOf(bytesOf(message));
}

const textOf = (message: Message): string => bytesOf(message).toString();

describe('a chain', () => {
  test('grows, whatever the keys, and verifies', async () => {
    let message = messageOf(plain);
    expect(await state(message)).toBe('none 0');
    for (const [at, type] of (['rsa', 'ed25519', 'rsa'] as const).entries()) {
      message = await sealed(message, type);
      expect(await state(message)).toBe(`pass ${at + 1}`);
    }
    // What a forwarder adds on top does no harm.
    expect(await state(`Received: by x\r\nAuthentication-Results: mx; none\r\n${textOf(message)}`)).toBe('pass 3');
  });

  test('is broken by changes, and stays so', async () => {
    const twice = textOf(await sealed(await sealed(messageOf(plain)), 'ed25519'));
    expect(await state(twice.replace('Hello.', 'Hullo.'))).toBe('fail 2 body hash did not verify');
    expect(await state(twice.replace('Subject: s', 'Subject: t'))).toBe('fail 2 message signature did not verify');
    const changed = twice.replace(/(i=1; mx\.x\.test; spf=)pass/, '$1fail');
    expect(changed).not.toBe(twice);
    expect(await state(changed)).toBe('fail 2 seal 2 did not verify');
    const marked = await sealed(messageOf(twice.replace('Hello.', 'Hullo.')));
    expect(textOf(marked)).toContain('cv=fail;');
    expect(await state(marked)).toBe('fail 3 it was broken before');
    // Nobody seals it again.
    expect(textOf(await sealed(marked))).toBe(textOf(marked));
  });

  test.each([
    [
      'a part is missing',
      (text: string) => text.replace(/^ARC-Seal:.*\r\n([ \t].*\r\n)*/m, ''),
      'fail 0 instance 1 is not complete',
    ],
    [
      'a part is there twice',
      (text: string) => text.replace(/^ARC-Seal:.*\r\n([ \t].*\r\n)*/m, '$&$&'),
      'fail 0 instance 1 has two arc-seal fields',
    ],
    ['an instance is left out', (text: string) => text.replaceAll('i=1;', 'i=2;'), 'fail 0 instance 1 is not complete'],
    [
      'an instance is none',
      (text: string) => text.replaceAll('i=1;', 'i=0;'),
      'fail 0 an arc-seal field without a sound instance',
    ],
    [
      'the first seal tells of others',
      (text: string) => text.replace('cv=none', 'cv=pass'),
      'fail 1 a seal tells another state than it may',
    ],
  ])('%s', async (_, change, expected) => {
    expect(await state(change(textOf(await sealed(messageOf(plain)))))).toBe(expected);
  });

  test('without keys', async () => {
    const message = await sealed(messageOf(plain));
    expect(await state(message, {})).toContain('fail 1 no key for signature');
    expect(await state(message, { 'rsa._domainkey.x.test': 'nobody answers' })).toBe(
      'temperror 1 key unavailable: nobody answers',
    );
  });

  test('of a thousand sets is refused by its numbers', async () => {
    const sets = Array.from({ length: 1_000 }, (_, at) => `ARC-Seal: i=${at + 1}; a=rsa-sha256; b=AAAA\r\n`).join('');
    expect(await state(`${sets}${plain}`)).toBe('fail 0 an arc-seal field without a sound instance');
  });
});

describe('with mailauth', () => {
  const require = createRequire(import.meta.url);
  const resolver = async (name: string) => [[records[name.startsWith('rsa') ? 'rsa' : 'ed25519']]];

  test('our chains verify', async () => {
    const { authenticate } = require('mailauth/lib/mailauth.js');
    let message = messageOf(plain);
    for (const type of ['rsa', 'rsa'] as const) {
      message = await sealed(message, type);
      const { arc } = await authenticate(bytesOf(message), {
        resolver,
        ip: '192.0.2.1',
        helo: 'h',
        sender: 'a@y.test',
        mta: 'm',
      });
      expect(arc.status.result).toBe('pass');
    }
  });

  test('its chains verify here', async () => {
    const { authenticate, sealMessage: seal } = require('mailauth/lib/mailauth.js');
    const privateKey = pairs.rsa.privateKey.export({ format: 'pem', type: 'pkcs8' });
    const sealing = { signingDomain: 'x.test', selector: 'rsa', privateKey };
    let text = Buffer.from(plain);
    for (const length of [1, 2]) {
      const options = { resolver, ip: '192.0.2.1', helo: 'h', sender: 'a@y.test', mta: 'mx.x.test' };
      const { arc, authResults } = await authenticate(text, options);
      const headers = await seal(text, { ...sealing, authResults, cv: length === 1 ? 'none' : arc.status.result });
      text = Buffer.concat([Buffer.from(headers), text]);
      expect(await state(messageOf(text))).toBe(`pass ${length}`);
    }
  });
});

test('a server that is asked to verifies and seals', async () => {
  const modify = 'modify {\narc x.test sel {\nnewkey_algo ed25519\n}\n}';
  const server = await ServerWithMaildir.start(`check {\narc\n}\n${modify}`, {});
  try {
    expect(await server.send()).toMatch(/^250 /);
    const names = server.delivered().map((field) => field.replace(/:.*/, ''));
    expect(names).toEqual([
      'ARC-Seal',
      'ARC-Message-Signature',
      'Arc-Authentication-Results',
      'Authentication-Results',
      'From',
      'Subject',
    ]);
    expect(server.delivered()[2]).toContain(': i=1; mx.test; arc=none');
    const record = readFileSync(join(server.directory, 'state/dkim_keys/x.test_sel.dns'), 'utf8');
    const published = { 'sel._domainkey.x.test': { TXT: [record] } };
    expect(await state(messageOf(server.deliveredBytes()), published)).toBe('pass 1');
  } finally {
    await server.stop();
  }
});

test('a chain is judged as it came, whatever is changed here before it is sealed', async () => {
  const other = writePacket('m', Buffer.concat([Buffer.from([0, 0, 0, 1]), texts('Subject', 'other')]));
  const milter = await ScriptedMilter.start({ answers: { E: [other, writePacket('c')] } });
  const own = '{\nnewkey_algo ed25519\n}';
  const zones = Object.fromEntries(
    Object.entries(records).map(([name, TXT]) => [`${name}._domainkey.x.test.`, { TXT: [TXT] }]),
  );
  const server = await ServerWithMaildir.start(
    `check {\nmilter ${milter.address}\n}\nmodify {\ndkim a.test sel ${own}\narc b.test sel ${own}\narc c.test sel ${own}\n}`,
    zones,
  );
  try {
    const lines = textOf(await sealed(messageOf(plain)))
      .split('\r\n')
      .slice(0, -1);
    expect(await server.send({ from: 'a@a.test', lines })).toMatch(/^250 /);
    const seals = server.delivered().filter((field) => field.startsWith('ARC-Seal:'));
    // That of c.test is put on that of b.test, whose key nobody has published.
    expect(
      seals.map((seal) => [/ i=(\d)/.exec(seal)?.[1], / cv=(\w+)/.exec(seal)?.[1], / d=(\w)/.exec(seal)?.[1]]),
    ).toEqual([
      ['3', 'fail', 'c'],
      ['2', 'pass', 'b'],
      ['1', 'none', 'x'],
    ]);
    expect(server.delivered()).toContain('Subject: other');
  } finally {
    await server.stop();
    await milter.stop();
  }
});

test('results that a client wrote in the name of this server are not sealed', async () => {
  const server = await ServerWithMaildir.start('modify {\narc x.test sel {\nnewkey_algo ed25519\n}\n}', {});
  try {
    const lines = ['Authentication-Results: mx.test; spf=pass smtp.mailfrom=bank.test', 'From: a@bank.test', '', 'Hi'];
    expect(await server.send({ lines })).toMatch(/^250 /);
    const sealed = server.delivered().find((field) => field.startsWith('Arc-Authentication-Results:'));
    expect(sealed).toBe('Arc-Authentication-Results: i=1; mx.test; arc=none');
  } finally {
    await server.stop();
  }
});
