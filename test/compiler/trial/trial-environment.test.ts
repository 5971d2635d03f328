import { expect, test } from 'vitest';
import { analyse } from '../../../compiler/analyse.ts';
import { createMemoryHost } from '../../../compiler/source/memory-host.ts';
import { trialEnvironment } from '../../../compiler/trial/trial-environment.ts';

function assumed(text: string, env: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const host = createMemoryHost({ files: new Map([['maddy.conf', text]]), env: new Map() });
  const { plan } = analyse('maddy.conf', host).plan('test');
  if (plan === null) throw new Error('no plan');
  return Object.fromEntries(trialEnvironment(plan, new Map(Object.entries(env))));
}

const text = `$(domain) = {env:DOMAIN}
state_dir {env:STATE}
hostname {env:HOST}
tls file {env:CERT} {env:CERT}.key
debug {env:DEBUG}
target.lmtp boxes {
    targets unix://{env:DOVECOT}/lmtp tcp://{env:PEER}:24
}
smtp tcp://{env:ADDRESS}:{env:PORT} tcp://127.0.0.1:{env:OTHER_PORT} {
    read_timeout {env:PATIENCE}
    max_recipients {env:MOST}
    destination $(domain) postmaster@{env:SECOND} {
        deliver_to &boxes
    }
    default_destination {
        reject
    }
}
`;

test('a variable stands for what its place wants', () => {
  expect(assumed(text)).toEqual({
    STATE: '/not-set/STATE',
    HOST: 'example.org',
    CERT: '/not-set/CERT',
    DEBUG: 'no',
    DOVECOT: '/not-set/DOVECOT',
    PEER: 'example.org',
    ADDRESS: 'example.org',
    PORT: '2501',
    OTHER_PORT: '2502',
    PATIENCE: '1m',
    MOST: '10',
    DOMAIN: 'example.org',
    SECOND: 'example.org',
  });
});

test('what is set stays', () => {
  const set = {
    STATE: '/srv',
    HOST: 'mx.example.net',
    CERT: '/c',
    DEBUG: 'yes',
    DOVECOT: '/d',
    PEER: 'p',
    ADDRESS: 'a',
  };
  expect(Object.keys(assumed(text, set)).sort()).toEqual([
    'DOMAIN',
    'MOST',
    'OTHER_PORT',
    'PATIENCE',
    'PORT',
    'SECOND',
  ]);
});
