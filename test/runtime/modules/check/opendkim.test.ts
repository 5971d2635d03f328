import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { modifyDkim } from '../../../../compiler/catalog/modules/modify.dkim.ts';
import { writeKeyRecord } from '../../../../runtime/dkim/key-record.ts';
import { signMessage } from '../../../../runtime/dkim/sign.ts';
import type { SigningKey } from '../../../../runtime/dkim/signing-key.ts';
import { verifySignatures } from '../../../../runtime/dkim/verify.ts';
import type { Message } from '../../../../runtime/module.ts';
import { ServerWithMaildir } from '../../../kit/mail-server.ts';
import { bytesOf, messageOf } from '../../../kit/message.ts';
import { knownResolver } from '../../../kit/resolver.ts';
import { describeWithServices, type Service, startService } from '../../../kit/services.ts';

const linesOf = (message: Message): readonly string[] => bytesOf(message).toString().split('\r\n').slice(0, -1);

const { oversign_fields, sign_fields } = modifyDkim.directives;

describeWithServices('check.milter with OpenDKIM', ['opendkim'], () => {
  const directory = mkdtempSync(join(tmpdir(), 'mc-opendkim-'));
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const ed25519 = generateKeyPairSync('ed25519');
  const records = { rsa: writeKeyRecord('rsa', rsa.publicKey), ed25519: writeKeyRecord('ed25519', ed25519.publicKey) };
  let opendkim: Service;
  let server: ServerWithMaildir | null = null;

  beforeAll(async () => {
    writeFileSync(join(directory, 'key'), rsa.privateKey.export({ format: 'pem', type: 'pkcs8' }));
    const names = Object.entries(records).map(([selector, record]) => `${selector}._domainkey.x.test ${record}`);
    writeFileSync(join(directory, 'dns'), `${names.join('\n')}\n`);
    opendkim = await startService('opendkim', {
      OPENDKIM_KEY: join(directory, 'key'),
      OPENDKIM_DNS: join(directory, 'dns'),
      OPENDKIM_DOMAIN: 'x.test',
      OPENDKIM_SELECTOR: 'rsa',
      OPENDKIM_INTERNAL: '127.0.0.9',
    });
  });
  afterEach(async () => {
    await server?.stop();
    server = null;
  });
  afterAll(async () => {
    await opendkim.dispose();
    rmSync(directory, { recursive: true });
  });

  /** Header fields of a message after the milter, and after our own verification. */
  async function delivered(lines: readonly string[], source = '127.0.0.1'): Promise<readonly string[]> {
    const zones = Object.fromEntries(
      Object.entries(records).map(([selector, record]) => [`${selector}._domainkey.x.test.`, { TXT: [record] }]),
    );
    server = await ServerWithMaildir.start(
      `check {\n dkim\n milter tcp://127.0.0.1:${opendkim.env.MILTER_PORT}\n }`,
      zones,
    );
    expect(await server.send({ from: 'ann@x.test', source, lines })).toMatch(/^250 /);
    return server.delivered();
  }

  const plain = [
    'From: Ann <ann@x.test>',
    'Subject:  two  blanks',
    '\tfolded',
    'To: b@y.test',
    '',
    'Hello.',
    '',
    'a  b ',
  ];

  it.each<readonly [SigningKey['type'], 'simple' | 'relaxed']>([
    ['rsa', 'relaxed'],
    ['rsa', 'simple'],
    ['ed25519', 'relaxed'],
    ['ed25519', 'simple'],
  ])('finds our signatures good: %s, %s', async (type, form) => {
    const message = messageOf(`${plain.join('\r\n')}\r\n`);
    const key: SigningKey = { type, key: type === 'rsa' ? rsa.privateKey : ed25519.privateKey };
    const policy = {
      headerForm: form,
      bodyForm: form,
      oversigned: oversign_fields.default,
      signed: sign_fields.default,
      lifetime: 3_600,
    };
    const signer = { domain: 'x.test', selector: type, key };
    message.header.prependRaw(await signMessage(message, signer, policy, Math.floor(Date.now() / 1000)));
    const fields = await delivered(linesOf(message));
    expect(fields[0]).toMatch(/^Authentication-Results: opendkim\.test;\s+dkim=pass/);
    expect(fields[1]).toMatch(/^Authentication-Results: mx\.test; dkim=pass header\.d=x\.test/);
  });

  it('finds changed mail bad, as we do', async () => {
    const message = messageOf(`${plain.join('\r\n')}\r\n`);
    const policy = {
      headerForm: 'relaxed',
      bodyForm: 'relaxed',
      oversigned: ['From'],
      signed: [],
      lifetime: null,
    } as const;
    const signer = { domain: 'x.test', selector: 'rsa', key: { type: 'rsa', key: rsa.privateKey } } as const;
    message.header.prependRaw(await signMessage(message, signer, policy, Math.floor(Date.now() / 1000)));
    const fields = await delivered([...linesOf(message), 'added']);
    expect(fields[0]).toMatch(/^Authentication-Results: opendkim\.test;\s+dkim=fail/);
    expect(fields[1]).toMatch(/^Authentication-Results: mx\.test; dkim=fail reason="body hash did not verify"/);
  });

  it('takes away a verdict that somebody wrote in its name', async () => {
    const forged = 'Authentication-Results: opendkim.test; dkim=pass header.d=bank.test';
    const fields = await delivered([forged, ...plain]);
    expect(fields.filter((field) => field.includes('bank.test'))).toEqual([]);
    expect(fields.some((field) => field.startsWith('Subject:'))).toBe(true);
  });

  it('signs, and the signature is good', async () => {
    const [signature = ''] = await delivered(plain, '127.0.0.9');
    expect(signature).toMatch(/^DKIM-Signature: .*a=rsa-sha256;/);
    const stored = server?.deliveredBytes() ?? Buffer.alloc(0);
    const names = { 'rsa._domainkey.x.test': { TXT: [records.rsa] } };
    const found = await verifySignatures(messageOf(stored), knownResolver(names), Math.floor(Date.now() / 1000));
    expect(found.map(({ value, reason }) => `${value} ${reason}`)).toEqual(['pass ']);
  });
});
