import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { modifyDkim } from '../../../compiler/catalog/modules/modify.dkim.ts';
import { writeKeyRecord } from '../../../runtime/dkim/key-record.ts';
import { completeSignature, type SigningPolicy, signMessage } from '../../../runtime/dkim/sign.ts';
import type { SigningKey } from '../../../runtime/dkim/signing-key.ts';
import { verifySignatures } from '../../../runtime/dkim/verify.ts';
import { bytesOf, messageOf } from '../../kit/message.ts';
import { knownResolver } from '../../kit/resolver.ts';

const samples = new URL('../../vectors/mta-samples/', import.meta.url);
const { oversign_fields, sign_fields } = modifyDkim.directives;

const usual: SigningPolicy = {
  headerForm: 'relaxed',
  bodyForm: 'relaxed',
  oversigned: oversign_fields.default,
  signed: sign_fields.default,
  lifetime: 432_000,
};

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ed25519 = generateKeyPairSync('ed25519');
const keys = {
  rsa: { type: 'rsa', key: rsa.privateKey },
  ed25519: { type: 'ed25519', key: ed25519.privateKey },
} satisfies Record<string, SigningKey>;
const records: Readonly<Record<string, string>> = {
  rsa: writeKeyRecord('rsa', rsa.publicKey),
  ed25519: writeKeyRecord('ed25519', ed25519.publicKey),
};
const dns = Object.fromEntries(
  Object.entries(records).map(([name, record]) => [`${name}._domainkey.x.test`, { TXT: [record] }]),
);

/** Field and content of a sample that maddy has signed. */
function sampleOf(name: string): { readonly field: string; readonly content: string } {
  const sample = readFileSync(new URL(name, samples), 'latin1');
  const end = /\r\n(?![ \t])/.exec(sample)?.index ?? 0;
  return { field: sample.slice(0, end + 2), content: sample.slice(end + 2) };
}

describe('the bytes of the field', () => {
  test.each([
    ['dkim-rsa.eml', 'rsa', 'sel1', 1_795_351_044, usual],
    ['dkim-ed.eml', 'ed25519', 'sel2', 1_795_351_045, usual],
    [
      'dkim-rsa4096.eml',
      'rsa',
      'sel3',
      1_795_351_046,
      { ...usual, headerForm: 'simple', bodyForm: 'simple', lifetime: null },
    ],
  ] as const)('%s: as maddy writes them, but for the key', async (name, type, selector, now, policy) => {
    const { field, content } = sampleOf(name);
    const signer = { domain: 'sender.test', selector, key: keys[type] };
    const written = (await signMessage(messageOf(Buffer.from(content, 'latin1')), signer, policy, now)).toString(
      'latin1',
    );
    const [unsigned = '', value = ''] = field.split(/(?<=\r\n b=)/);
    expect(written.slice(0, unsigned.length)).toBe(unsigned);
    // The signature itself needs maddy's key: its folds are compared.
    expect(completeSignature(unsigned, value.replace(/\s+/g, ''))).toBe(field);
  });
});

interface Sample {
  readonly text: string;
  readonly type: keyof typeof keys;
  readonly headerForm: SigningPolicy['headerForm'];
  readonly bodyForm: SigningPolicy['bodyForm'];
}

/** Messages with what canonical forms are about: folds, blanks, repeated fields, empty lines, bodies without an end of line. */
function sampleMessages(count: number): readonly Sample[] {
  const bodies = [
    'Hello.\r\n',
    '',
    '\r\n\r\n',
    ' a  b\t \r\n\r\nc\r\n\r\n\r\n',
    'no end',
    '.\r\n..\r\n',
    'é ü\r\n',
    ' \r\n',
  ];
  const extras = [
    '',
    'List-Id: <l.x.test>\r\n',
    'Cc: a@y.test,\r\n\tb@y.test  \r\n',
    'Received: one\r\nReceived: two\r\n',
    'To:\r\n  c@y.test\r\nTo: d@y.test\r\n',
  ];
  const forms = ['relaxed', 'simple'] as const;
  const types = ['rsa', 'ed25519'] as const;
  return Array.from({ length: count }, (_, at): Sample => {
    const subject = ['plain', ' two  blanks ', 'folded\r\n\t value', ''][at % 4];
    const text = `${extras[at % 5]}From: Ann <ann@x.test>\r\nSUBJECT: ${subject}\r\nDate: Sun, 22 Nov 2026 12:00:0${at % 10} +0000\r\nX-Number: ${at}\r\n\r\n${bodies[at % 8]}`;
    const type = types[at % 2] ?? 'rsa';
    return { text, type, headerForm: forms[(at >> 1) % 2] ?? 'simple', bodyForm: forms[(at >> 2) % 2] ?? 'simple' };
  });
}

async function signed(sample: Sample): Promise<Buffer> {
  const message = messageOf(sample.text);
  const signer = { domain: 'x.test', selector: sample.type, key: keys[sample.type] };
  const { headerForm, bodyForm } = sample;
  const field = await signMessage(message, signer, { ...usual, headerForm, bodyForm }, Math.floor(Date.now() / 1000));
  message.header.prependRaw(field);
  return bytesOf(message);
}

const every = sampleMessages(200);
const now = Math.floor(Date.now() / 1000);

describe('200 messages of all forms and both kinds of keys', () => {
  test('verify here', async () => {
    for (const sample of every) {
      const [result] = await verifySignatures(messageOf(await signed(sample), { pieces: 7 }), knownResolver(dns), now);
      expect(`${sample.text} ${result?.value}`).toBe(`${sample.text} pass`);
    }
  });

  test('verify by mailauth', async () => {
    const { dkimVerify } = createRequire(import.meta.url)('mailauth/lib/dkim/verify.js');
    const resolver = async (name: string) => [[records[name.split('.')[0] ?? '']]];
    for (const sample of every) {
      const { results } = await dkimVerify(await signed(sample), { resolver, strict: true });
      expect(`${sample.text} ${results[0].status.result}`).toBe(`${sample.text} pass`);
    }
  });
});
