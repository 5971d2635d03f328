import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RemoteWorld } from '../kit/remote-world.ts';
import { describeWithServices, type Service, startService } from '../kit/services.ts';
import type { SinkScript } from '../kit/sink.ts';

const delivered = '250 2.0.0 OK: queued';

describeWithServices('mx_auth { dane dnssec } behind a resolver that validates signed zones', ['dnssec'], () => {
  let dns: Service;
  let world: RemoteWorld;

  beforeAll(async () => {
    dns = await startService('dnssec');
    const serving = (name: string): Partial<SinkScript> => {
      const read = (what: string): string => readFileSync(dns.env[`${name}_${what}`] ?? '', 'utf8');
      const secureContext = createSecureContext({ cert: read('CERT'), key: read('KEY') });
      return { ext: ['STARTTLS', '8BITMIME'], tls: { secureContext, implicit: false } };
    };
    world = await RemoteWorld.start({
      resolver: dns.env.RESOLVER ?? '',
      servers: {
        '127.0.0.2': serving('OWN'),
        '127.0.0.3': serving('OWN'),
        '127.0.0.4': serving('CHAIN'),
        '127.0.0.5': serving('OWN'),
        '127.0.0.6': { ext: ['8BITMIME'] },
        '127.0.0.7': serving('OWN'),
      },
      remote: 'mx_auth {\ndane\ndnssec\n}',
    });
  });

  afterAll(async () => {
    await world?.stop();
    await dns?.dispose();
  });

  it.each([
    ['signed.test', delivered, 'the certificate is the one of the record'],
    ['wrong.signed.test', '550 5.4.0 No usable MXs, last err: No matching TLSA records', 'it is another one'],
    ['issued.signed.test', delivered, 'the record names the CA that issued it'],
    ['usage1.signed.test', delivered, 'the record is of a kind that says nothing'],
    ['open.signed.test', delivered, 'there is no record, and no STARTTLS'],
    ['elsewhere.signed.test', delivered, 'the server’s name is an alias'],
    ['unsigned.test', delivered, 'the record is not signed'],
    ['bogus.test', '451 4.4.4 MX lookup error', 'the zone is signed by somebody else'],
    ['nowhere.signed.test', '554 5.4.4 MX lookup error', 'the domain is not there'],
  ])('%s: %s, because %s', async (domain, reply) => {
    expect(await world.send({ to: [`bob@${domain}`] })).toEqual([reply]);
  });

  it('puts mail off when the server’s address may be forged', async () => {
    const [reply] = await world.send({ to: ['bob@half.signed.test'] });
    expect(reply).toMatch(/^451 4\.4\.0 No usable MXs, last err: lookup mx\.bogus\.test \(AAAA\): SERVFAIL/);
  });

  it('keeps REQUIRETLS where the name and the certificate are proven, and only there', async () => {
    const send = (domain: string) => world.send({ to: [`bob@${domain}`], parameters: ' REQUIRETLS' });
    expect(await send('signed.test')).toEqual([delivered]);
    expect(await send('issued.signed.test')).toEqual([delivered]);
    expect(await send('usage1.signed.test')).toEqual([
      '550 5.7.30 TLS it not available or unauthenticated but required (REQUIRETLS)',
    ]);
    expect(await send('unsigned.test')).toEqual([
      '550 5.7.30 TLS it not available or unauthenticated but required (REQUIRETLS)',
    ]);
  });
});
