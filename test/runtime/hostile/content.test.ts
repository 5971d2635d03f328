import { createHash, generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeKeyRecord } from '../../../runtime/dkim/key-record.ts';
import { CheckingServer, signedDomain } from '../../kit/checking-server.ts';

const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const from = `From: a@${signedDomain}\r\n`;
const text = 'Hello.\r\n';
const bodyHash = createHash('sha256').update(text).digest('base64');
const blanks = ' '.repeat(3_900);

/** So often that it fills nearly the largest header that is taken. */
function fill(piece: string, bytes = 950_000): string {
  return piece.repeat(Math.floor(bytes / piece.length));
}

/** A signature of the right form, whose header hash is wrong. */
function signature(tags: Readonly<Record<string, string>> = {}): string {
  const all = {
    v: '1',
    a: 'rsa-sha256',
    c: 'relaxed/relaxed',
    d: 'x.test',
    s: 's',
    h: 'From',
    bh: bodyHash,
    ...tags,
    b: `${'A'.repeat(342)}==`,
  };
  return `DKIM-Signature: ${Object.entries(all)
    .map(([name, value]) => `${name}=${value}`)
    .join(';\r\n ')}\r\n`;
}

let server: CheckingServer;
beforeAll(async () => {
  server = await CheckingServer.start({
    [`${signedDomain}.`]: { TXT: ['v=spf1 ip4:127.0.0.1 -all'] },
    [`_dmarc.${signedDomain}.`]: { TXT: ['v=DMARC1; p=reject'] },
    's._domainkey.x.test.': { TXT: [writeKeyRecord('rsa', publicKey)] },
  });
}, 60_000);
afterAll(() => server.stop());

const taken = '250 2.0.0 OK: queued';

/** The results of one method. */
function results(message: string, method: string): readonly string[] {
  const value = /^Authentication-Results: (.*)$/m.exec(message)?.[1] ?? '';
  return value.split('; ').filter((result) => result.startsWith(`${method}=`));
}

describe('a header that is', () => {
  it.each([
    ['all small fields', `${from}${fill('a:\r\n')}`],
    ['all fields without a name', `${from}${fill(':\r\n')}`],
    ['one field of folds and blanks', `${from}Subject: x\r\n${fill(`${blanks}x\r\n`)}`],
    ['an author in folds and blanks', `From: a@${signedDomain}\r\n${fill(`${blanks}(x)\r\n`)}`],
    ['an author behind groups', `From: ${fill('g:;,\r\n ', 900_000)} a@${signedDomain}\r\n`],
    ['tags without end', `${from}DKIM-Signature: v=1${fill(';\r\n a=b')}\r\n`],
    ['one long list of signed fields', from + signature({ h: `From${fill(':\r\n From', 900_000)}` })],
    ['16 signatures over many fields', `${from}${signature({ h: 'From:a' }).repeat(16)}${fill('a: b\r\n', 900_000)}`],
    [
      '16 signatures over one large field',
      `${from}${signature({ h: 'From:Subject', c: 'simple/simple' }).repeat(16)}Subject: ${fill(`${blanks}x\r\n`, 900_000)}`,
    ],
  ])('%s is judged like any other', async (_, header) => {
    expect(await server.send([header, '\r\n', text])).toBe(taken);
    expect(results(server.takeDelivered(), 'dmarc')).toEqual([`dmarc=pass header.from=${signedDomain}`]);
  });

  it.each([
    ['nested comments', `From: ${fill('\r\n (', 900_000)} a@${signedDomain}\r\n`],
    ['quotes', `From: ${fill('"\\"" \r\n ', 900_000)} a@${signedDomain}\r\n`],
    ['addresses', `From: ${fill(`a@${signedDomain},\r\n `, 900_000)} a@${signedDomain}\r\n`],
    ['authors', fill(from)],
  ])('an author of nothing but %s has no policy', async (_, header) => {
    expect(await server.send([header, '\r\n', text])).toBe(taken);
    expect(results(server.takeDelivered(), 'dmarc')[0]).toMatch(
      /^dmarc=permerror reason="Policy lookup failed: dmarc: /,
    );
  });

  it('too large is refused', async () => {
    expect(await server.send([from, fill('a: b\r\n', 1_100_000), '\r\n', text])).toMatch(/^55[0-9] 5\.\d\.\d /);
  });
});

describe('signatures', () => {
  it('are looked at up to a number', async () => {
    expect(await server.send([from, signature().repeat(1_000), '\r\n', text])).toBe(taken);
    const found = results(server.takeDelivered(), 'dkim');
    expect(found).toHaveLength(17);
    expect(found[0]).toBe('dkim=fail reason="signature did not verify" header.d=x.test header.i=@x.test');
    expect(found[16]).toBe('dkim=permerror reason="1000 signatures, only the first 16 were looked at"');
  });

  it.each(['d', 'i', 's'])('cannot fill our own field by a long %s=', async (tag) => {
    const long = `${fill('abc.\r\n ', 200_000)}x.test`;
    expect(await server.send([from, signature({ [tag]: tag === 'i' ? `@${long}` : long }), '\r\n', text])).toBe(taken);
    const [found = ''] = results(server.takeDelivered(), 'dkim');
    expect(found).toMatch(/^dkim=(permerror|fail) reason="/);
    expect(found.length).toBeLessThan(1_000);
  });

  it.each(['1', '0', '99999999999999999999', '-1', 'x'])('with l=%s never pass', async (l) => {
    expect(await server.send([from, signature({ l }), '\r\n', text])).toBe(taken);
    expect(results(server.takeDelivered(), 'dkim')).toEqual([
      'dkim=fail reason="message contains an insecure body length tag" header.d=x.test header.i=@x.test',
    ]);
  });

  it('write no result of their own', async () => {
    const forged = 'a\\"\r\n\t dkim=pass header.d=bank.test (@x.test';
    expect(await server.send([from, signature({ i: forged }), '\r\n', text])).toBe(taken);
    const found = results(server.takeDelivered(), 'dkim');
    expect(found).toHaveLength(1);
    expect(found[0]).not.toMatch(/(?<!")dkim=pass/);
  });
});

describe('bytes that are no UTF-8', () => {
  it.each([
    ['the author', `From: "\xff\xfe" <a@${signedDomain}>\r\n`, `dmarc=pass header.from=${signedDomain}`],
    ['the domain of the author', 'From: <a@\xff\xfe.test>\r\n', /^dmarc=(permerror|none|fail) /],
    ['other fields', `${from}Subject: \xc3\x28\xa0\xe2\x82\r\n`, `dmarc=pass header.from=${signedDomain}`],
    ['a signature', `${from}${signature({ d: '\xff\xc0\x80.test' })}`, `dmarc=pass header.from=${signedDomain}`],
  ])('%s', async (_, header, dmarc) => {
    const reply = await server.send([header, '\r\n\xff\xfe\xc3\x28\r\n']);
    if (reply !== taken) return expect(reply).toMatch(/^[45]50 .*DMARC check failed/);
    const [found] = results(server.takeDelivered(), 'dmarc');
    return typeof dmarc === 'string' ? expect(found).toBe(dmarc) : expect(found).toMatch(dmarc);
  });
});

describe('a body of', () => {
  const megabytes = (piece: string): readonly Buffer[] =>
    Array.from({ length: 50 }, () => Buffer.from(fill(piece, 1_000_000), 'latin1'));

  it.each([
    ['lines', 'x'.repeat(998).concat('\r\n')],
    ['line ends', '\r\n'],
    ['bare line feeds', '\n'],
    ['blanks', `${' '.repeat(998)}\r\n`],
  ])(
    '50 MB of %s',
    async (_, piece) => {
      const header = from + signature() + signature({ c: 'simple/simple' });
      expect(await server.send([header, '\r\n', ...megabytes(piece), '\r\n'])).toBe(taken);
      const delivered = server.takeDelivered();
      expect(results(delivered, 'dkim').every((result) => result.startsWith('dkim=fail reason="body hash'))).toBe(true);
      expect(delivered).toMatch(/^DKIM-Signature: /m);
    },
    120_000,
  );

  it('1,000 nested MIME parts', async () => {
    const parts = Array.from(
      { length: 1_000 },
      (_, at) => `--b${at}\r\nContent-Type: multipart/mixed; boundary=b${at + 1}\r\n\r\n`,
    );
    const header = `${from}MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b0\r\n\r\n`;
    expect(await server.send([header, ...parts])).toBe(taken);
    server.takeDelivered();
  });
});

it('needed no more memory than a server may have', () => {
  expect(server.peakMemory).toBeLessThan(600 * 1024 * 1024);
});
