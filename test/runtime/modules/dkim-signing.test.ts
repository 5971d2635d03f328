import { generateKeyPairSync } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ConfigOf } from '../../../compiler/catalog/config-of.ts';
import { modifyDkim } from '../../../compiler/catalog/modules/modify.dkim.ts';
import { verifySignatures } from '../../../runtime/dkim/verify.ts';
import { dkim } from '../../../runtime/modules/modify/dkim.ts';
import { messageOf } from '../../kit/message.ts';
import { moduleContext } from '../../kit/modules.ts';
import { knownResolver } from '../../kit/resolver.ts';

type Config = ConfigOf<typeof modifyDkim>;

let stateDir = '';
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'maddyc-dkim-'));
});
afterEach(() => rmSync(stateDir, { recursive: true }));

const { oversign_fields, sign_fields, key_path } = modifyDkim.directives;

function createSigner(changes: Partial<Config> = {}) {
  const config: Config = {
    debug: false,
    domains: ['example.org'],
    selector: 'mail',
    key_path: key_path.default,
    oversign_fields: [...oversign_fields.default],
    sign_fields: [...sign_fields.default],
    header_canon: 'relaxed',
    body_canon: 'relaxed',
    sig_expiry: 432_000_000,
    hash: 'sha256',
    newkey_algo: 'ed25519',
    allow_multiple_from: false,
    sign_subdomains: false,
    ...changes,
  };
  const { context, lines } = moduleContext({ stateDir });
  const { start, modifier } = dkim.create(config, context);
  return { lines, start, modifier };
}

const keyFile = (name: string): string => join(stateDir, 'dkim_keys', name);
const recordIn = (name: string): string => readFileSync(keyFile(name), 'utf8');

/** Domain and identity of the signature that a message of this sender gets, and whether it verifies; null: none. */
async function signedAs(from: string, changes: Partial<Config> = {}, smtputf8 = false): Promise<string | null> {
  const signer = createSigner(changes);
  await signer.start?.();
  const message = messageOf('From: <x@elsewhere.test>\r\nSubject: s\r\n\r\nHello.\r\n', { smtputf8 });
  await signer.modifier?.body?.(message, from);
  const field = message.header.get('DKIM-Signature');
  if (field === null) return null;
  const [, domain, selector] = / d=([^;]*);.* s=([^;]*);/.exec(field) ?? [];
  const records = readdirSync(join(stateDir, 'dkim_keys')).filter((name) => name.endsWith('.dns'));
  const found: string[] = [];
  for (const name of records) {
    const resolver = knownResolver({ [`${selector}._domainkey.${domain}`]: { TXT: [recordIn(name)] } });
    const [result] = await verifySignatures(message, resolver, Math.floor(Date.now() / 1000));
    if (result?.value === 'pass') found.push(name);
  }
  return `${domain} ${selector} ${found}`;
}

describe('keys', () => {
  test('are made at the start, with the record for DNS beside them, and never before', async () => {
    const signer = createSigner({ domains: ['Example.org', 'example.com'] });
    expect(existsSync(keyFile(''))).toBe(false);
    await signer.start?.();
    expect(readdirSync(keyFile('')).sort()).toEqual([
      'Example.org_mail.dns',
      'Example.org_mail.key',
      'example.com_mail.dns',
      'example.com_mail.key',
    ]);
    expect(recordIn('Example.org_mail.dns')).toMatch(/^v=DKIM1; k=ed25519; p=[A-Za-z0-9+/]{43}=$/);
    expect(recordIn('Example.org_mail.key')).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    expect(statSync(keyFile('Example.org_mail.key')).mode & 0o777).toBe(0o600);
    expect(signer.lines[0]).toContain('generating a new ed25519 keypair...');
    expect(signer.lines[1]).toContain(`private key is in ${keyFile('Example.org_mail.key')}, TXT record`);
    const before = recordIn('Example.org_mail.key');
    await createSigner({ domains: ['Example.org'] }).start?.();
    expect(recordIn('Example.org_mail.key')).toBe(before);
  });

  test.each([['rsa2048', 392] as const, ['rsa4096', 736] as const])('%s', async (newkey_algo, length) => {
    await createSigner({ newkey_algo }).start?.();
    expect(recordIn('example.org_mail.dns')).toMatch(new RegExp(`^v=DKIM1; k=rsa; p=[A-Za-z0-9+/=]{${length}}$`));
  });

  test('two servers that start together make one', async () => {
    const signers = [createSigner(), createSigner(), createSigner()];
    await Promise.all(signers.map(({ start }) => start?.()));
    expect(readdirSync(keyFile('')).sort()).toEqual(['example.org_mail.dns', 'example.org_mail.key']);
    expect(signers.flatMap(({ lines }) => lines).filter((line) => line.includes('generated a new'))).toHaveLength(1);
  });

  test.each([
    ['nonsense', 'nonsense', /invalid PEM block/],
    ['a certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n', /not a private key/],
    [
      'a key of another kind',
      generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'pem', type: 'sec1' }),
      /no keys of the kind ec/,
    ],
  ])('%s in place of a key', (_, content, message) => {
    mkdirSync(keyFile(''));
    writeFileSync(keyFile('example.org_mail.key'), content);
    expect(() => createSigner()).toThrow(message);
  });

  test('in the old form of RSA keys', async () => {
    mkdirSync(keyFile(''));
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    writeFileSync(keyFile('example.org_mail.key'), privateKey.export({ format: 'pem', type: 'pkcs1' }));
    const signer = createSigner();
    await signer.start?.();
    const message = messageOf('From: <x@example.org>\r\n\r\n');
    await signer.modifier?.body?.(message, 'x@example.org');
    expect(message.header.get('DKIM-Signature')).toContain('a=rsa-sha256;');
  });
});

describe('who is signed (runtime-mta 15.2)', () => {
  const several = { domains: ['example.org', 'müller.example'] };
  test.each<readonly [from: string, changes: Partial<Config>, signed: string | null]>([
    ['a@example.org', several, 'example.org mail example.org_mail.dns'],
    ['a@EXAMPLE.org', several, 'example.org mail example.org_mail.dns'],
    ['a@müller.example', several, 'xn--mller-kva.example mail müller.example_mail.dns'],
    ['a@xn--mller-kva.example', several, 'xn--mller-kva.example mail müller.example_mail.dns'],
    ['', several, 'example.org mail example.org_mail.dns'],
    ['postmaster', several, 'example.org mail example.org_mail.dns'],
    ['a@sub.example.org', several, null],
    ['a@sub.example.org', { sign_subdomains: true }, 'example.org mail example.org_mail.dns'],
    ['a@notexample.org', { sign_subdomains: true }, null],
    ['a@other.test', several, null],
  ])('%s', async (from, changes, signed) => {
    expect(await signedAs(from, changes)).toBe(signed);
  });

  test('with SMTPUTF8 in U-labels', async () => {
    expect(await signedAs('a@müller.example', several, true)).toBe('müller.example mail müller.example_mail.dns');
  });
});

test('a signature that could not cover From is refused at the start', () => {
  expect(() => createSigner({ oversign_fields: ['Subject'] })).toThrow(/names From/);
});

test('without an expiry', async () => {
  const signer = createSigner({ sig_expiry: 0 });
  await signer.start?.();
  const message = messageOf('From: <x@example.org>\r\n\r\n');
  await signer.modifier?.body?.(message, 'x@example.org');
  expect(message.header.get('DKIM-Signature')).toMatch(/ v=1; b=/);
});
