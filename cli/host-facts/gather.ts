import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import type { Program } from '../../compiler/ir/ir.ts';
import type { CertificateFacts, HostFacts, ResolverFacts } from '../../compiler/rules/host-facts.ts';
import { type HostQuestions, hostQuestions } from '../../compiler/rules/host-questions.ts';
import { type Account, factsOfPath } from './paths.ts';

/**
 * Looks at the machine, for rules that need to know it: files and sockets that the configuration names, and how names are
 * looked up. Reads only; connects to nothing.
 */
export function gatherHostFacts(questions: HostQuestions, account: Account = ownAccount()): HostFacts {
  const paths = new Map(questions.paths.map((path) => [path, factsOfPath(path, account)]));
  const certificates = new Map(questions.certificates.map((path) => [path, factsOfCertificate(path)]));
  const pairs = new Map(
    questions.pairs.map(({ certificate, key }) => [pairKey(certificate, key), belongTogether(certificate, key)]),
  );
  return {
    now: Date.now(),
    account: account.name,
    path: (path) => paths.get(path),
    certificate: (path) => certificates.get(path),
    pairs: (certificate, key) => pairs.get(pairKey(certificate, key)),
    resolver: resolverFacts(),
    dns: () => undefined,
  };
}

export function hostFactsFor(program: Program, account?: Account): HostFacts {
  return gatherHostFacts(hostQuestions(program), account);
}

/** The account that runs this program. */
export function ownAccount(): Account {
  const { username, uid, gid } = userInfo();
  return { name: username, uid, groups: process.getgroups?.() ?? [gid] };
}

const pairKey = (certificate: string, key: string): string => `${certificate}\0${key}`;

/** Of the first certificate in the file: the one that is shown to clients. */
function factsOfCertificate(path: string): CertificateFacts {
  try {
    const certificate = new X509Certificate(readFileSync(path));
    const names = (certificate.subjectAltName ?? '').split(', ').flatMap((each) => /^DNS:(.+)$/.exec(each)?.[1] ?? []);
    return {
      problem: null,
      validFrom: Date.parse(certificate.validFrom),
      validTo: Date.parse(certificate.validTo),
      names,
    };
  } catch (error) {
    return { problem: reasonOf(error) };
  }
}

function belongTogether(certificate: string, key: string): boolean | null {
  try {
    return new X509Certificate(readFileSync(certificate)).checkPrivateKey(createPrivateKey(readFileSync(key)));
  } catch {
    return null;
  }
}

/** How names are looked up; a resolver on this host, or one that `trust-ad` vouches for, may be believed (resolv.conf(5)). */
function resolverFacts(): ResolverFacts | null {
  try {
    return readResolverFile(readFileSync('/etc/resolv.conf', 'utf8'));
  } catch {
    return null;
  }
}

export function readResolverFile(text: string): ResolverFacts {
  const lines = text.split('\n').map((line) =>
    line
      .replace(/[#;].*/, '')
      .trim()
      .split(/\s+/),
  );
  const servers = lines.flatMap(([word, server]) => (word === 'nameserver' && server !== undefined ? [server] : []));
  const isVouchedFor = lines.some(([word, ...options]) => word === 'options' && options.includes('trust-ad'));
  const isLocal = servers.every((server) => server === '::1' || server.startsWith('127.'));
  // Without a server in it the one of this host is asked.
  return { servers, isTrusted: isVouchedFor || isLocal };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/^error:[0-9A-F]+:/, '') : String(error);
}
