import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BodyHash } from '../../../runtime/dkim/body-hash.ts';
import type { Canonicalization } from '../../../runtime/dkim/canonical-header.ts';
import { readKeyRecord, writeKeyRecord } from '../../../runtime/dkim/key-record.ts';
import { isBadSignature, readSignature } from '../../../runtime/dkim/signature.ts';
import { verifySignatures } from '../../../runtime/dkim/verify.ts';
import { messageOf } from '../../kit/message.ts';
import { type KnownRecords, knownResolver } from '../../kit/resolver.ts';

const samples = new URL('../../vectors/mta-samples/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, samples), 'latin1');

const dns: KnownRecords = Object.fromEntries(
  ['rsa', 'ed', 'rsa4096'].map((name, at) => [
    `sel${at + 1}._domainkey.sender.test`,
    { TXT: [read(`dkim-${name}.dns.txt`).trim()] },
  ]),
);
/** When the samples were signed. */
const then = 1_795_351_046;

async function verdicts(message: string | Buffer, names: KnownRecords = dns, now = then): Promise<readonly string[]> {
  const found = await verifySignatures(
    messageOf(Buffer.from(message.toString('latin1'), 'latin1')),
    knownResolver(names),
    now,
  );
  return found.map(({ value, reason, domain, identity }) => `${value} ${domain} ${identity} ${reason}`.trim());
}

const rsa = read('dkim-rsa.eml');

describe('mail that maddy signed', () => {
  test.each(['dkim-rsa.eml', 'dkim-ed.eml', 'dkim-rsa4096.eml'])('%s', async (name) => {
    expect(await verdicts(read(name))).toEqual(['pass sender.test @sender.test']);
  });

  test.each([
    ['a changed body', rsa.replace(/\r\n$/, '!\r\n'), 'fail sender.test @sender.test body hash did not verify'],
    [
      'a changed field',
      rsa.replace('Subject: ', 'Subject: x'),
      'fail sender.test @sender.test signature did not verify',
    ],
    ['a field put on top', `Subject: other\r\n${rsa}`, 'fail sender.test @sender.test signature did not verify'],
    ['a field that is not signed', `X-Other: 1\r\n${rsa}`, 'pass sender.test @sender.test'],
    ['another field name case and folds', rsa.replace('Subject: ', 'SUBJECT:\r\n\t '), 'pass sender.test @sender.test'],
    [
      'a limited body',
      rsa.replace('v=1;', 'v=1; l=5;'),
      'fail sender.test @sender.test message contains an insecure body length tag',
    ],
  ])('%s', async (_, message, expected) => {
    expect(await verdicts(message)).toEqual([expected]);
  });

  test('expires', async () => {
    expect(await verdicts(rsa, dns, then + 6 * 86_400)).toEqual([
      'permerror sender.test @sender.test signature has expired',
    ]);
  });

  test('without a key', async () => {
    expect(await verdicts(rsa, {})).toEqual([
      'permerror sender.test @sender.test no key for signature: sel1._domainkey.sender.test has no TXT record',
    ]);
    expect(await verdicts(rsa, { 'sel1._domainkey.sender.test': 'nobody answered' })).toEqual([
      'temperror sender.test @sender.test key unavailable: nobody answered',
    ]);
    const record = { TXT: ['v=DKIM1; p=', 'v=DKIM1; p='] };
    expect(await verdicts(rsa, { 'sel1._domainkey.sender.test': record })).toEqual([
      'permerror sender.test @sender.test multiple TXT records found for key',
    ]);
  });
});

describe('signatures that cannot count', () => {
  const sound = 'v=1; a=rsa-sha256; bh=aaaa; d=x.test; h=From:Subject; s=s; b=aaaa';
  test.each([
    ['nonsense', 'malformed signature tags: a tag without a value'],
    [`${sound}; d=y.test`, 'malformed signature tags: tag d is there twice'],
    [sound.replace('v=1', 'v=2'), 'incompatible signature version'],
    [sound.replace('bh=aaaa; ', ''), 'signature missing required tag'],
    [`${sound}; i=@other.test`, 'domain mismatch'],
    [`${sound}; i=@notx.test`, 'domain mismatch'],
    [sound.replace('From:', ''), 'From field not signed'],
    [`${sound}; t=soon`, 'malformed time: not a number of seconds'],
    [`${sound}; x=soon`, 'malformed expiration time: not a number of seconds'],
    [`${sound}; x=5`, 'signature has expired'],
    [`${sound}; q=http`, 'unsupported public key query method'],
    [sound.replace('rsa-sha256', 'rsa'), 'malformed algorithm name'],
    [sound.replace('rsa-sha256', 'rsa-sha1'), 'hash algorithm too weak: sha1'],
    [sound.replace('rsa-sha256', 'rsa-md5'), 'unsupported hash algorithm'],
    [`${sound}; c=loose/simple`, 'unsupported header canonicalization algorithm'],
    [`${sound}; c=simple/loose`, 'unsupported body canonicalization algorithm'],
    [sound.replace('bh=aaaa', 'bh=é'), 'malformed body hash: not base64'],
    [sound.replace('b=aaaa', 'b=?'), 'malformed signature: not base64'],
  ])('%s', (text, fault) => {
    const signature = readSignature(text, 1_000);
    expect(isBadSignature(signature) && signature.fault).toBe(fault);
  });

  test('subdomains as identity are sound', () => {
    expect(readSignature(`${sound}; i=joe@Sub.X.test; x=1001; c=relaxed`, 1_000)).toMatchObject({
      identity: 'joe@Sub.X.test',
      headerForm: 'relaxed',
      bodyForm: 'simple',
      fields: ['From', 'Subject'],
    });
  });
});

describe('key records', () => {
  const short = generateKeyPairSync('rsa', { modulusLength: 512 }).publicKey;
  const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;
  test.each([
    ['v=DKIM2; p=aaaa', 'incompatible public key version'],
    ['v=DKIM1; k=rsa; p=', 'key revoked'],
    ['v=DKIM1; k=rsa', 'key syntax error: missing public key data'],
    ['v=DKIM1; k=dsa; p=aaaa', 'unsupported key algorithm'],
    ['v=DKIM1; k=rsa; p=aaaa', 'key syntax error: not an RSA public key'],
    ['v=DKIM1; k=ed25519; p=aaaa', 'invalid Ed25519 public key size: 3 bytes'],
    [writeKeyRecord('rsa', short), 'key is too short: want 1024 bits, has 512 bits'],
    [writeKeyRecord('rsa', elliptic), 'key syntax error: the key is not of the type that k= names'],
    ['what is this', 'key syntax error: a tag without a value'],
  ])('%s', (text, fault) => {
    expect(readKeyRecord(text)).toBe(fault);
  });

  const sound = read('dkim-rsa.dns.txt').trim();
  test.each([
    [`${sound}; h=sha1`, 'permerror sender.test @sender.test inappropriate hash algorithm'],
    [`${sound}; h=sha1:sha256; s=email; t=y`, 'pass sender.test @sender.test'],
    [`${sound}; s=tlsrpt`, 'permerror sender.test @sender.test inappropriate service'],
    [read('dkim-ed.dns.txt').trim(), 'permerror sender.test @sender.test inappropriate key algorithm'],
    // As older tools publish it: spaces in the key, no version.
    [sound.replace('v=DKIM1; ', '').replace(/(.{60})/g, '$1 '), 'pass sender.test @sender.test'],
  ])('%s', async (record, expected) => {
    expect(await verdicts(rsa, { 'sel1._domainkey.sender.test': { TXT: [record] } })).toEqual([expected]);
  });
});

describe('bodies', () => {
  /** Canonical forms as RFC 6376 section 3.4.3 and 3.4.4 tell them, over a whole body. */
  const plainly = (body: string, form: Canonicalization): string => {
    const lines = body
      .replace(/\r\n|\n/g, '\n')
      .replace(/\n$/, '')
      .split('\n');
    const written = form === 'simple' ? lines : lines.map((line) => line.replace(/[ \t]+/g, ' ').replace(/ $/, ''));
    while (written.at(-1) === '') written.pop();
    const text = written.map((line) => `${line}\r\n`).join('');
    return text === '' && form === 'simple' ? '\r\n' : text;
  };

  test.each<Canonicalization>(['simple', 'relaxed'])('in %s form, however they are cut', (form) => {
    const part = fc.constantFrom('a', 'b', ' ', '\t', '\r\n', '\n', '\r', '.', '\r\n\r\n');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 40 }), fc.array(fc.nat(8), { maxLength: 8 }), (parts, cuts) => {
        const bytes = Buffer.from(parts.join(''));
        const hash = new BodyHash(form);
        let at = 0;
        for (const cut of cuts) {
          hash.update(bytes.subarray(at, at + cut));
          at += cut;
        }
        hash.update(bytes.subarray(at));
        const whole = createHash('sha256').update(plainly(parts.join(''), form));
        expect(hash.digest().toString('hex')).toBe(whole.digest('hex'));
      }),
      { numRuns: 500 },
    );
  });

  test('of nothing but line ends', () => {
    const hash = new BodyHash('relaxed');
    for (let at = 0; at < 40; at++) hash.update(Buffer.from('\r\n'.repeat(30_000)));
    expect(hash.digest()).toEqual(createHash('sha256').digest());
  });
});

describe('hostile mail', () => {
  const forged =
    'DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=sender.test; s=sel1; h=From; bh=aaaa; b=aaaa\r\n';

  test('a thousand signatures cost as much as sixteen', async () => {
    const found = await verdicts(`${forged.repeat(1_000)}From: a@sender.test\r\n\r\nx\r\n`);
    expect(found).toHaveLength(17);
    expect(found[16]).toContain('1000 signatures, only the first 16 were looked at');
  });

  test('a megabyte of folds, field names and signed names is read once', async () => {
    const names = Array.from({ length: 40_000 }, (_, at) => `X${at}`).join(':');
    const signed = forged.replace('h=From', `h=From:${names}`);
    const header = `${signed}From: a@sender.test\r\nX1: y\r\n${' a\r\n'.repeat(200_000)}${'X2: z\r\n'.repeat(50_000)}`;
    expect(await verdicts(`${header}\r\nx\r\n`)).toEqual(['fail sender.test @sender.test body hash did not verify']);
  });

  test('random bytes in place of a signature or of a key never throw', async () => {
    for (let at = 0; at < 200; at++) {
      const noise = randomBytes(40)
        .toString('latin1')
        .replace(/[\r\n]/g, ' ');
      const message = `DKIM-Signature: ${noise}\r\nDKIM-Signature: v=1; a=rsa-sha256; d=${noise}; s=s; h=From; bh=a; b=b\r\nFrom: a\r\n\r\n`;
      expect(await verdicts(message)).toHaveLength(2);
      const names = { 'sel1._domainkey.sender.test': { TXT: [`v=DKIM1; p=${noise}`] } };
      expect((await verdicts(rsa, names))[0]).toMatch(/^permerror /);
    }
  });
});
