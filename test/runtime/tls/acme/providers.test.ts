import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { AcmeDns } from '../../../../runtime/tls/acme/acmedns.ts';
import { Cloudflare } from '../../../../runtime/tls/acme/cloudflare.ts';
import { createDnsProvider } from '../../../../runtime/tls/acme/dns-provider.ts';
import { tsigAlgorithm } from '../../../../runtime/tls/acme/dynamic-update.ts';

interface Asked {
  readonly line: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}
type Answer = (asked: Asked) => readonly [status: number, body: unknown];

let server: Server;
let asked: Asked[];

async function serve(answer: Answer): Promise<string> {
  asked = [];
  server = createServer(async (request, response) => {
    const one = { line: `${request.method} ${request.url}`, headers: request.headers, body: await text(request) };
    asked.push(one);
    const [status, body] = answer(one);
    response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
afterEach(() => server?.close());

describe('acmedns', () => {
  const account = { user: 'u', password: 'geheim', subdomain: 'sub' };

  it('updates the record of the account', async () => {
    const url = await serve(() => [200, { txt: 'value' }]);
    await new AcmeDns({ ...account, url: `${url}/` }).present('_acme-challenge.example.org', 'value');
    expect(asked).toMatchObject([
      {
        line: 'POST /update',
        headers: { 'x-api-user': 'u', 'x-api-key': 'geheim' },
        body: '{"subdomain":"sub","txt":"value"}',
      },
    ]);
  });

  it('says what a refusal means, without the password', async () => {
    const url = await serve(() => [401, 'no']);
    await expect(new AcmeDns({ ...account, url }).present('n', 'v')).rejects.toThrow(/does not accept username/);
  });

  it('names the server that does not answer', async () => {
    const url = await serve(() => [200, {}]);
    server.close();
    await once(server, 'close');
    await expect(new AcmeDns({ ...account, url }).present('n', 'v')).rejects.toThrow(
      /^127\.0\.0\.1:\d+: .*ECONNREFUSED/,
    );
  });
});

describe('cloudflare', () => {
  const zones: Answer = ({ line }) => {
    if (line === 'GET /zones?name=example.org') return [200, { success: true, result: [{ id: 'z1' }] }];
    if (line.startsWith('GET /zones?')) return [200, { success: true, result: [] }];
    if (line.startsWith('GET /zones/z1/dns_records?')) {
      return [
        200,
        {
          success: true,
          result: [
            { id: 'other', content: '"else"' },
            { id: 'r1', content: '"value"' },
          ],
        },
      ];
    }
    return [200, { success: true, result: {} }];
  };

  it('finds the zone, adds a record, and removes only that one', async () => {
    const provider = new Cloudflare('token', await serve(zones));
    await provider.present('_acme-challenge.mx.example.org', 'value');
    await provider.remove('_acme-challenge.mx.example.org', 'value');
    expect(asked.map(({ line }) => line).filter((line) => !line.startsWith('GET'))).toEqual([
      'POST /zones/z1/dns_records',
      'DELETE /zones/z1/dns_records/r1',
    ]);
    const added = asked.find(({ line }) => line.startsWith('POST'));
    expect(JSON.parse(added?.body ?? '')).toEqual({
      type: 'TXT',
      name: '_acme-challenge.mx.example.org',
      content: '"value"',
      ttl: 60,
    });
    expect(added?.headers.authorization).toBe('Bearer token');
  });

  it('passes on what the service says', async () => {
    const url = await serve(() => [403, { success: false, errors: [{ code: 9109, message: 'Invalid access token' }] }]);
    await expect(new Cloudflare('token', url).present('a.example.org', 'v')).rejects.toThrow(
      'cloudflare answered 403: Invalid access token',
    );
  });

  it('says that no zone was found', async () => {
    const url = await serve(() => [200, { success: true, result: [] }]);
    await expect(new Cloudflare('token', url).present('a.example.org', 'v')).rejects.toThrow(
      /no zone that a\.example\.org is in/,
    );
  });
});

describe('rfc2136', () => {
  it('takes the algorithms of RFC 8945 by their names', () => {
    expect(tsigAlgorithm('HMAC-SHA256.')).toEqual({ name: 'hmac-sha256', hash: 'sha256' });
    expect(tsigAlgorithm('hmac-md5')).toEqual({ name: 'hmac-md5.sig-alg.reg.int', hash: 'md5' });
    expect(tsigAlgorithm('sha256')).toBeNull();
  });
});

it('says which providers there are', () => {
  expect(() => createDnsProvider({ module: 'libdns.gandi', config: {} } as never)).toThrow(
    'libdns.gandi is not available, use one of acmedns, cloudflare, rfc2136',
  );
});
