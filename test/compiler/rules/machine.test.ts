import { describe, expect, it } from 'vitest';
import type { CertificateFacts, HostFacts, PathFacts } from '../../../compiler/rules/host-facts.ts';
import { hostQuestions } from '../../../compiler/rules/host-questions.ts';
import { analyseText, findingLines } from '../../kit/analysis.ts';

const day = 86_400_000;
const now = Date.UTC(2026, 5, 1);
const file: PathFacts = {
  kind: 'file',
  isUsable: true,
  mode: 'rw-r-----',
  owner: 'root',
  group: 'maddy',
  blockedAt: null,
};
const absent: PathFacts = { kind: 'absent', isUsable: false, mode: null, owner: null, group: null, blockedAt: null };
const certificate: CertificateFacts = {
  problem: null,
  validFrom: now - day,
  validTo: now + 60 * day,
  names: ['*.example.org'],
};

const text = `hostname mx.example.org
tls file /certs/full.pem /certs/key.pem
target.lmtp boxes {
    targets unix:///run/dovecot/lmtp-maddy
}
smtp tcp://127.0.0.1:2525 {
    destination postmaster example.org {
        deliver_to &boxes
    }
    default_destination {
        reject
    }
}
`;

function factsWith(parts: {
  readonly paths?: Readonly<Record<string, PathFacts>>;
  readonly certificate?: CertificateFacts;
  readonly pairs?: boolean;
  readonly resolver?: HostFacts['resolver'];
}): HostFacts {
  const paths: Readonly<Record<string, PathFacts>> = {
    '/certs/full.pem': file,
    '/certs/key.pem': file,
    '/run/dovecot/lmtp-maddy': { ...file, kind: 'socket' },
    ...parts.paths,
  };
  return {
    now,
    account: 'maddy',
    path: (path) => paths[path],
    certificate: () => parts.certificate ?? certificate,
    pairs: () => parts.pairs ?? true,
    resolver: parts.resolver ?? null,
    dns: () => undefined,
  };
}

const found = (parts: Parameters<typeof factsWith>[0], configuration = text): readonly string[] =>
  findingLines(analyseText(configuration, { facts: factsWith(parts) })).filter((line) =>
    /^M(7101|5106|7112)/.test(line),
  );

describe('rules about the machine', () => {
  it('say nothing without facts, nor where all is well', () => {
    expect(findingLines(analyseText(text)).filter((line) => /^M(7101|5106)/.test(line))).toEqual([]);
    expect(found({})).toEqual([]);
  });

  it('ask for what they judge', () => {
    expect(hostQuestions(analyseText(text).program)).toEqual({
      paths: ['/run/dovecot/lmtp-maddy', '/certs/full.pem', '/certs/key.pem'],
      certificates: ['/certs/full.pem'],
      pairs: [{ certificate: '/certs/full.pem', key: '/certs/key.pem' }],
    });
  });

  it.each([
    ['a missing file', { paths: { '/certs/key.pem': absent } }, 'M7101 2:26-2:40 there is no file /certs/key.pem'],
    [
      'one that may not be read',
      { paths: { '/certs/key.pem': { ...file, isUsable: false } } },
      'M7101 2:26-2:40 maddy may not read /certs/key.pem',
    ],
    [
      'something else',
      { certificate: { problem: 'no start line' } },
      'M7101 2:10-2:25 /certs/full.pem is no certificate: no start line',
    ],
    [
      'an old certificate',
      { certificate: { ...certificate, validTo: now - day } },
      'M7101 2:10-2:25 /certs/full.pem ran out on 2026-05-31',
    ],
    [
      'one that is soon old',
      { certificate: { ...certificate, validTo: now + 2 * day } },
      'M7101 2:10-2:25 /certs/full.pem runs out on 2026-06-03',
    ],
    ['the wrong key', { pairs: false }, 'M7101 2:26-2:40 /certs/key.pem is the key of another certificate'],
    [
      'another name',
      { certificate: { ...certificate, names: ['example.org', '*.mx.example.org'] } },
      'M7101 2:10-2:25 /certs/full.pem is not for mx.example.org',
    ],
    [
      'no socket',
      { paths: { '/run/dovecot/lmtp-maddy': absent } },
      'M5106 4:13-4:43 /run/dovecot/lmtp-maddy: there is no such socket',
    ],
    [
      'a locked socket',
      { paths: { '/run/dovecot/lmtp-maddy': { ...file, kind: 'socket' as const, isUsable: false } } },
      'M5106 4:13-4:43 /run/dovecot/lmtp-maddy: maddy may not connect',
    ],
    [
      'a locked directory',
      { paths: { '/run/dovecot/lmtp-maddy': { ...absent, blockedAt: '/run/dovecot' } } },
      'M5106 4:13-4:43 /run/dovecot/lmtp-maddy: /run/dovecot does not exist, or maddy may not enter it',
    ],
  ])('tell %s', (_, parts, line) => {
    expect(found(parts)).toEqual([line]);
  });

  it('tell a socket in the directory that the server makes itself', () => {
    const own = text.replace('/run/dovecot/', '/run/maddy/');
    expect(found({}, own)).toEqual([
      "M5106 4:13-4:41 /run/maddy/lmtp-maddy lies in the server's own runtime directory",
    ]);
  });

  it('tell that DANE has no effect', () => {
    const dane = `${text}target.remote out {\n    mx_auth {\n        dane\n    }\n}\n`;
    expect(found({ resolver: { servers: ['192.0.2.53'], isTrusted: false } }, dane)).toEqual([
      'M7112 16:9-16:13 dane never has an effect: the resolver 192.0.2.53 is not on this host',
    ]);
    expect(found({ resolver: { servers: ['127.0.0.1'], isTrusted: true } }, dane)).toEqual([]);
  });
});
