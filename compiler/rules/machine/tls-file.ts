import type { Code, Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Origin } from '../../source/origin.ts';
import { type CertificateUse, certificatesIn, type NamedFile } from '../certificate-use.ts';
import type { CertificateFacts, HostFacts } from '../host-facts.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

const code: Code = {
  code: 'M7101',
  name: 'tls-file',
  severity: 'error',
  summary: 'a certificate or key that cannot be used on this machine',
  page: () => ({
    docs: 'The file is missing, may not be read by the account of the server, is no certificate, is out of date, does not belong to the key, or is not for the host name that the server says it has. The first ones keep the server from starting; with the others clients refuse the connection or warn their users. Only `check --host-checks` looks: it must run on the mail server.',
    invalid: '',
    valid: '',
  }),
};

const day = 86_400_000;

export const tlsFile: Rule = {
  code,
  needsHost: true,
  *check({ program, inventory, facts }) {
    if (facts === null) return;
    for (const use of certificatesIn(program, inventory)) {
      const faults = [use.certificate, use.key].flatMap((file) => unreadable(file, use, facts));
      yield* faults;
      if (faults.length > 0) continue;
      const found = facts.certificate(use.certificate.path);
      if (found !== undefined) yield* judge(use, found, facts);
    }
  },
};

function placeFor(file: NamedFile, { loader }: CertificateUse): Origin {
  return file.word?.origin ?? loader.header.origin;
}

function unreadable(file: NamedFile, use: CertificateUse, { path, account }: HostFacts): readonly Diagnostic[] {
  const found = path(file.path);
  if (found === undefined || (found.kind === 'file' && found.isUsable)) return [];
  const where = placeFor(file, use);
  const stops = 'The server does not start without it.';
  if (found.kind === 'absent') {
    const details = [
      found.blockedAt === null ? stops : `${found.blockedAt} does not exist or may not be entered. ${stops}`,
    ];
    return [report(code, where, `there is no file ${file.path}`, { details })];
  }
  if (found.kind !== 'file') return [report(code, where, `${file.path} is no file`, { details: [stops] })];
  const who = account === null ? 'the account of the server' : account;
  const rights = `It belongs to ${found.owner}:${found.group} with ${found.mode}.`;
  return [report(code, where, `${who} may not read ${file.path}`, { details: [rights, stops] })];
}

function* judge(use: CertificateUse, found: CertificateFacts, facts: HostFacts): Iterable<Diagnostic> {
  const where = placeFor(use.certificate, use);
  const { path } = use.certificate;
  if (found.problem !== null) {
    yield report(code, where, `${path} is no certificate: ${found.problem}`, {
      details: ['The server does not start.'],
    });
    return;
  }
  const { validFrom, validTo, names } = found;
  const date = (time: number): string => new Date(time).toISOString().slice(0, 10);
  if (facts.now > validTo || facts.now < validFrom) {
    const message =
      facts.now > validTo ? `${path} ran out on ${date(validTo)}` : `${path} is valid only from ${date(validFrom)}`;
    yield report(code, where, message, { details: ['Clients refuse the connection or warn their users: renew it.'] });
  } else if (validTo - facts.now < 7 * day) {
    const details = ['After that clients refuse the connection. Look why it was not renewed.'];
    yield report(code, where, `${path} runs out on ${date(validTo)}`, { severity: 'warning', details });
  }
  if (facts.pairs(path, use.key.path) === false) {
    const message = `${use.key.path} is the key of another certificate`;
    yield report(code, placeFor(use.key, use), message, {
      details: [`It does not fit ${path}: the server does not start.`],
    });
  }
  for (const hostname of use.hostnames.filter((each) => !names.some((name) => fits(name, each)))) {
    const shown = names.length === 0 ? 'no name' : names.slice(0, 3).join(', ');
    yield report(code, where, `${path} is not for ${hostname}`, {
      severity: 'warning',
      details: [
        `It is for ${shown}. Clients that are told to connect to ${hostname} refuse it, and MTA-STS and DANE fail.`,
      ],
    });
  }
}

/** RFC 6125 6.4.3: the asterisk stands for one label. */
function fits(name: string, hostname: string): boolean {
  const [pattern, host] = [name.toLowerCase(), hostname.toLowerCase().replace(/\.$/, '')];
  return (
    pattern === host ||
    (pattern.startsWith('*.') && host.slice(host.indexOf('.') + 1) === pattern.slice(2) && host.includes('.'))
  );
}
