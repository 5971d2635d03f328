import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { downloadPolicy } from '../../../runtime/remote/mta-sts/download.ts';
import { type KeptPolicy, readKeptPolicy, writeKeptPolicy } from '../../../runtime/remote/mta-sts/kept-policy.ts';
import { StsPolicies } from '../../../runtime/remote/mta-sts/policies.ts';
import { DirectoryCache, MemoryCache } from '../../../runtime/remote/mta-sts/policy-cache.ts';
import { namesServer, policyId, readPolicy } from '../../../runtime/remote/mta-sts/policy-text.ts';
import { createSelfSigned } from '../../../runtime/tls/self-signed.ts';
import { knownResolver } from '../../kit/resolver.ts';
import { recordingLog } from '../../kit/session.ts';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const text = 'version: STSv1\nmode: enforce\nmx: mx.example.test\nmx: *.example.net\nmax_age: 86400\n';
const policy = { mode: 'enforce', maxAge: 86_400, mx: ['mx.example.test', '*.example.net'] } as const;

describe('texts', () => {
  test.each<[readonly string[], string | null]>([
    [['v=STSv1; id=20260101T1;'], '20260101T1'],
    [['v=STSv1;id=1', 'something else'], '1'],
    [['v=STSv1; id=1', 'v=STSv1; id=2'], null],
    [['v=STSv2; id=1'], null],
    [['v=STSv1'], null],
    [['v=STSv1; id=a b'], null],
    [['v=STSv1; id=1; id=2'], null],
    [[], null],
  ])('record %j announces %s', (records, id) => {
    expect(policyId(records)).toBe(id);
  });

  test.each<[string, unknown]>([
    [text, policy],
    [text.replaceAll('\n', '\r\n'), policy],
    [`${text}future: a: b\n`, policy],
    ['version: STSv1\nmode: none\nmax_age: 60\n', { mode: 'none', maxAge: 60, mx: [] }],
    ['version: STSv1\nmode: testing\nmx: a\nmax_age: 9999999999\n', { mode: 'testing', maxAge: 31_557_600, mx: ['a'] }],
  ])('policy %j', (given, expected) => {
    expect(readPolicy(given)).toEqual(expected);
  });

  test.each([
    ['<html>', 'a line without a colon'],
    ['mode: enforce\nmx: a\nmax_age: 1', 'not of version STSv1'],
    ['version: STSv1\nmode: strict\nmx: a\nmax_age: 1', 'no known mode'],
    ['version: STSv1\nmode: enforce\nmx: a\nmax_age: soon', 'no max_age'],
    ['version: STSv1\nmode: enforce\nmax_age: 1', 'names no server'],
  ])('no policy: %j', (given, why) => {
    expect(() => readPolicy(given)).toThrow(why);
  });

  test.each<[string, boolean]>([
    ['mx.example.test', true],
    ['MX.Example.Test', true],
    ['other.example.test', false],
    ['a.example.net', true],
    ['a.b.example.net', false],
    ['example.net', false],
  ])('%s is named: %s', (name, named) => {
    expect(namesServer(policy, name)).toBe(named);
  });

  test('any text is a policy or a reason', () => {
    fc.assert(
      fc.property(fc.string(), (given) => {
        try {
          readPolicy(given);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
        readKeptPolicy(given);
        policyId([given]);
      }),
    );
  });

  test('what is kept is read back', () => {
    const kept: KeptPolicy = { id: 'x1', fetchedAt: Date.UTC(2026, 10, 22, 12), policy };
    const written = writeKeptPolicy(kept);
    expect(written).toBe(
      '{"FetchTime":"2026-11-22T12:00:00.000Z","ID":"x1","Policy":{"Mode":"enforce","MaxAge":86400,"MX":["mx.example.test","*.example.net"]}}\n',
    );
    expect(readKeptPolicy(written)).toEqual(kept);
  });
});

interface Page {
  readonly status?: number;
  readonly type?: string;
  readonly body?: string;
  readonly location?: string;
}

/** The web server of example.test at a port of its own. */
async function webServer(page: () => Page, names = ['mta-sts.example.test']) {
  const pair = createSelfSigned(names);
  const asked: string[] = [];
  const server: Server = createServer(pair, (request, response) => {
    asked.push(`${request.headers.host} ${request.url}`);
    const { status = 200, type = 'text/plain; charset=utf-8', body = text, location } = page();
    response.writeHead(status, { 'content-type': type, ...(location !== undefined && { location }) });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => new Promise((resolve) => server.close(resolve)));
  const { port } = server.address() as AddressInfo;
  return { asked, port, ca: pair.cert };
}

const addresses = { 'mta-sts.example.test': { A: ['127.0.0.1'] } };

describe('download', () => {
  test('asks the host of the policy, by its name', async () => {
    const { asked, ...where } = await webServer(() => ({}));
    expect(await downloadPolicy('example.test', { resolver: knownResolver(addresses), ...where })).toBe(text);
    expect(asked).toEqual([`mta-sts.example.test:${where.port} /.well-known/mta-sts.txt`]);
  });

  test.each<[string, Page, RegExp]>([
    ['a redirect', { status: 302, location: '/elsewhere' }, /status 302/],
    ['not found', { status: 404 }, /status 404/],
    ['a page', { type: 'text/html' }, /text\/html/],
    ['endless', { body: 'x'.repeat(100_000) }, /too long/],
  ])('%s is none', async (_about, page, why) => {
    const { asked: _, ...where } = await webServer(() => page);
    await expect(downloadPolicy('example.test', { resolver: knownResolver(addresses), ...where })).rejects.toThrow(why);
  });

  test('a certificate of another name, or of nobody, is none', async () => {
    const other = await webServer(() => ({}), ['www.example.test']);
    const resolver = knownResolver(addresses);
    await expect(downloadPolicy('example.test', { resolver, ...other })).rejects.toThrow(/altnames/);
    await expect(downloadPolicy('example.test', { resolver, port: other.port })).rejects.toThrow(/self-signed/);
  });

  test('a host without an address', async () => {
    await expect(downloadPolicy('example.test', { resolver: knownResolver({}) })).rejects.toThrow(/DNS error/);
  });
});

test('the cache in memory has an end', async () => {
  const cache = new MemoryCache();
  const kept: KeptPolicy = { id: 'x', fetchedAt: 0, policy };
  for (let at = 0; at <= 10_000; at++) await cache.store(`d${at}.test`, kept);
  expect(await cache.domains()).toHaveLength(10_000);
  expect(await cache.load('d0.test')).toBeNull();
  expect(await cache.load('d10000.test')).toEqual(kept);
});

describe('policies from record to disk', () => {
  function scene() {
    const directory = mkdtempSync(join(tmpdir(), 'maddyc-sts-'));
    cleanUps.push(() => rmSync(directory, { recursive: true }));
    const world = { id: 'one', page: {} as Page, now: Date.UTC(2026, 10, 22) };
    const lines: string[] = [];
    const failures: string[] = [];
    const cache = new DirectoryCache(join(directory, 'cache'));
    let downloads = 0;
    const resolver = {
      ...knownResolver({}),
      lookup: (...[type, name]: Parameters<ReturnType<typeof knownResolver>['lookup']>) =>
        knownResolver({
          ...addresses,
          '_mta-sts.example.test': world.id === '' ? {} : { TXT: [`v=STSv1; id=${world.id};`] },
        }).lookup(type, name),
    } as ReturnType<typeof knownResolver>;
    const start = async () => {
      const { asked: _, ...where } = await webServer(() => world.page);
      return new StsPolicies({
        resolver,
        cache,
        download: (domain) => {
          downloads++;
          return downloadPolicy(domain, { resolver, ...where });
        },
        log: recordingLog(lines),
        onFailure: (result) => void failures.push(result),
        now: () => world.now,
      });
    };
    return { world, start, lines, failures, directory: join(directory, 'cache'), count: () => downloads };
  }

  test('fetched once for one id, and kept on disk', async () => {
    const { world, start, directory, count } = scene();
    const policies = await start();
    expect(await Promise.all([policies.find('example.test'), policies.find('example.test')])).toEqual([policy, policy]);
    expect(await policies.find('example.test')).toEqual(policy);
    expect(count()).toBe(1);
    expect(readdirSync(directory)).toEqual(['example.test']);
    expect(readFileSync(join(directory, 'example.test'), 'utf8')).toContain('"ID":"one"');
    // Another start, and the record is gone: what was promised still counts.
    world.id = '';
    expect(await (await start()).find('example.test')).toEqual(policy);
    world.now += 86_400_001;
    expect(await (await start()).find('example.test')).toBeNull();
  });

  test('a new id fetches anew; when that fails, the old one stays, and the server is left alone for a while', async () => {
    const { world, start, lines, count } = scene();
    const policies = await start();
    await policies.find('example.test');
    world.id = 'two';
    world.page = { status: 500 };
    expect(await policies.find('example.test')).toEqual(policy);
    expect(await policies.find('example.test')).toEqual(policy);
    expect(count()).toBe(2);
    expect(lines.join('\n')).toContain('cannot fetch MTA-STS policy');
    world.now += 300_001;
    world.page = { body: text.replace('enforce', 'testing') };
    expect(await policies.find('example.test')).toEqual({ ...policy, mode: 'testing' });
  });

  test.each<[Page, string]>([
    [{ status: 404 }, 'sts-policy-fetch-error'],
    [{ body: 'version: STSv1' }, 'sts-policy-invalid'],
  ])('what is wrong is told in the words of TLS reports: %j', async (page, result) => {
    const { world, start, failures } = scene();
    world.page = page;
    expect(await (await start()).find('example.test')).toBeNull();
    expect(failures).toEqual([result]);
  });

  test('a refresh fetches what ends soon', async () => {
    const { world, start, count } = scene();
    const policies = await start();
    await policies.find('example.test');
    world.now += 12 * 3_600_000;
    await policies.refresh();
    expect(count()).toBe(1);
    world.now += 7 * 3_600_000;
    await policies.refresh();
    expect(count()).toBe(2);
  });
});
