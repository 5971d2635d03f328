import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeKeyRecord } from '../../../runtime/dkim/key-record.ts';
import { signMessage } from '../../../runtime/dkim/sign.ts';
import type { SigningKey } from '../../../runtime/dkim/signing-key.ts';
import { verifySignatures } from '../../../runtime/dkim/verify.ts';
import { bytesOf, messageOf } from '../../kit/message.ts';
import { askPython, describeWithPython } from '../../kit/python.ts';
import { knownResolver } from '../../kit/resolver.ts';
import { describeWithServices } from '../../kit/services.ts';
import { changed, type SignedMessage, signedMessage } from './signed-message.ts';
import { crossCheckCount, crossCheckSeed } from './size.ts';

const execute = promisify(execFile);

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ed25519 = generateKeyPairSync('ed25519');
const keys = {
  rsa: { type: 'rsa', key: rsa.privateKey },
  ed25519: { type: 'ed25519', key: ed25519.privateKey },
} satisfies Record<string, SigningKey>;
const records = {
  rsa: writeKeyRecord('rsa', rsa.publicKey),
  ed25519: writeKeyRecord('ed25519', ed25519.publicKey),
};
const resolver = knownResolver(
  Object.fromEntries(Object.entries(records).map(([name, record]) => [`${name}._domainkey.x.test`, { TXT: [record] }])),
);
const now = Math.floor(Date.now() / 1000);
const samples = fc.sample(signedMessage, { numRuns: crossCheckCount, seed: crossCheckSeed });

/** Signed here and changed on its way; bytes as Latin-1. */
async function signedHere(sample: SignedMessage): Promise<string> {
  const { type, headerForm, bodyForm, lifetime, oversigned } = sample;
  const message = messageOf(Buffer.from(sample.content, 'latin1'));
  const policy = { headerForm, bodyForm, lifetime, oversigned, signed: ['List-Id', 'X-Other'] };
  const signer = { domain: 'x.test', selector: type, key: keys[type] };
  message.header.prependRaw(await signMessage(message, signer, policy, now));
  return changed(bytesOf(message).toString('latin1'), sample.change);
}

/** Whether it verifies here. A header that nobody can read has not been verified. */
async function verifiedHere(message: string): Promise<boolean> {
  const bytes = Buffer.from(message, 'latin1');
  const [result] = await verifySignatures(messageOf(bytes, { pieces: 61 }), resolver, now + 1).catch(() => []);
  return result?.value === 'pass';
}

async function verdictsHere(messages: readonly string[]): Promise<readonly boolean[]> {
  const verdicts: boolean[] = [];
  for (const message of messages) verdicts.push(await verifiedHere(message));
  return verdicts;
}

/** What the two do not agree about. */
function disagreements(messages: readonly string[], ours: readonly boolean[], theirs: readonly unknown[]) {
  return messages.flatMap((message, at) =>
    ours[at] === (theirs[at] === true) ? [] : [`ours ${ours[at]}, theirs ${theirs[at]}: ${message}`],
  );
}

interface Answer {
  /** A text where dkimpy could not read the message. */
  readonly verdicts: readonly (boolean | string)[];
  readonly signed: readonly string[];
}

describeWithPython(`${crossCheckCount} messages and dkimpy`, ['dkim', 'nacl'], () => {
  let verdicts: Answer['verdicts'] = [];
  let signed: readonly string[] = [];
  let messages: readonly string[] = [];

  beforeAll(async () => {
    messages = await Promise.all(samples.map(signedHere));
    const seed = ed25519.privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32).toString('base64');
    const pem = rsa.privateKey.export({ format: 'pem', type: 'pkcs1' });
    const question = { messages, samples, records, rsa: pem, seed };
    const answer: Answer = JSON.parse(
      await askPython(new URL('dkimpy.py', import.meta.url), ['dkim', 'nacl'], question),
    );
    ({ verdicts, signed } = answer);
  }, 120_000);

  test('agree about what is signed here, whole or changed', async () => {
    const ours = await verdictsHere(messages);
    expect(disagreements(messages, ours, verdicts)).toEqual([]);
    // Both verdicts must occur, or nothing was compared.
    expect(new Set(ours)).toEqual(new Set([true, false]));
    expect(ours.filter((_, at) => samples[at]?.change === null)).not.toContain(false);
  });

  test('what dkimpy signs verifies here', async () => {
    expect(
      disagreements(
        signed,
        await verdictsHere(signed),
        signed.map(() => true),
      ),
    ).toEqual([]);
  });
});

describeWithServices(`${crossCheckCount} messages and OpenDKIM`, ['opendkim'], () => {
  const directory = mkdtempSync(join(tmpdir(), 'maddyc-opendkim-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  test('agree about what is signed here, whole or changed', async () => {
    // In this mode OpenDKIM reads blanks after the colon away, which the simple form of fields keeps.
    const messages = await Promise.all(samples.filter(({ headerForm }) => headerForm === 'relaxed').map(signedHere));
    const keyFile = join(directory, 'keys');
    const names = Object.entries(records).map(([name, record]) => `${name}._domainkey.x.test ${record}\n`);
    writeFileSync(keyFile, names.join(''));
    writeFileSync(join(directory, 'conf'), `Mode v\nSyslog no\nTestPublicKeys ${keyFile}\n`);
    const files = messages.map((message, at) => {
      const file = join(directory, `${at}.eml`);
      writeFileSync(file, message, 'latin1');
      return file;
    });
    const { stdout } = await execute('opendkim', ['-x', join(directory, 'conf'), '-t', files.join(',')]).catch(
      (error: { readonly stdout: string }) => error,
    );
    const verified = new Set(
      stdout
        .split('\n')
        .filter((line) => line.includes('verification') && line.includes('succeeded'))
        .map((line) => line.split(': ').find((word) => word.endsWith('.eml'))),
    );
    const theirs = files.map((file) => verified.has(file));
    expect(disagreements(messages, await verdictsHere(messages), theirs)).toEqual([]);
    expect(verified.size).toBeGreaterThan(0);
  }, 120_000);
});
