import { randomBytes } from 'node:crypto';
import { readMailSetup } from '../../compiler/dns-records/mail-setup.ts';
import {
  sendsPasswordsInClear,
  type WantedListener,
  wantedListeners,
} from '../../compiler/dovecot/wanted-listeners.ts';
import type { Analysis, Place, Severity } from '../../compiler/index.ts';
import { takeInventory } from '../../compiler/ir/walk.ts';
import { addressesOf } from '../../compiler/rules/configured-address.ts';
import { rules } from '../../compiler/rules/rules.ts';
import { positionAt } from '../../compiler/source/source-file.ts';
import { type Account, factsOfPath } from '../host-facts/paths.ts';
import { probeAuth } from './auth-probe.ts';
import { checkDirectory } from './directories.ts';
import { checkDkimKey } from './dkim-keys.ts';
import { askDoveconf, checkMailAccount } from './dovecot-settings.ts';
import { type DoctorFinding, subjectAt, trouble } from './finding.ts';
import { checkPort } from './listen-ports.ts';
import { probeLmtp } from './lmtp-probe.ts';

export interface DoctorQuestions {
  /** Made with what is known of the host. */
  readonly analysis: Analysis;
  readonly localDomains: readonly string[];
  /** Who runs the server. */
  readonly account: Account;
  /** Milliseconds that a server may take for each of its answers. */
  readonly timeout: number;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Looks at the host for all that the configuration needs of it. Nothing is changed, and no message is sent. */
export async function examineHost(questions: DoctorQuestions): Promise<readonly DoctorFinding[]> {
  const listeners = wantedListeners(questions.analysis.program);
  return [
    ...aboutAccount(questions.account),
    ...findingsOfRules(questions.analysis, listeners, questions.account),
    ...(await Promise.all(listeners.map((listener) => examineListener(listener, questions)))).flat(),
    ...(await examinePorts(questions)),
    ...examineFiles(questions),
  ];
}

/** What `check --host-checks` says about certificates, sockets and the resolver; a socket of no use is no mere warning here. */
function findingsOfRules(
  { diagnostics }: Analysis,
  listeners: readonly WantedListener[],
  account: Account,
): readonly DoctorFinding[] {
  const codes = new Set(rules.filter((rule) => rule.needsHost === true).map(({ code }) => code.code));
  const unusable = listeners.filter(
    ({ endpoint }) => endpoint.network === 'unix' && !factsOfPath(endpoint.path, account).isUsable,
  );
  return diagnostics
    .filter(({ code }) => codes.has(code.code))
    .map(({ code, severity, message, details, place }) => ({
      id: code.code,
      status: unusable.some(({ wantedBy }) => isAt(wantedBy.word.origin, place)) ? 'error' : statusOf(severity),
      subject: null,
      message,
      advice: details,
      place: place === null ? null : { file: place.file.path, line: positionAt(place.file, place.range.start).line },
    }));
}

const statusOf = (severity: Severity): DoctorFinding['status'] => (severity === 'hint' ? 'info' : severity);

const isAt = (origin: Place, place: Place | null): boolean =>
  place?.file === origin.file && place.range.start === origin.range.start;

function aboutAccount({ uid }: Account): readonly DoctorFinding[] {
  if (uid !== 0) return [];
  return [
    trouble(
      'account-root',
      'info',
      { subject: 'the account of the server', place: null },
      'everything is looked at with the eyes of root, who may do everything',
      'Name the account that runs the server: --user maddy',
    ),
  ];
}

async function examineListener(
  listener: WantedListener,
  { analysis, localDomains, account, timeout, env }: DoctorQuestions,
): Promise<readonly DoctorFinding[]> {
  const { address, endpoint, service, wantedBy } = listener;
  const subject = subjectAt(address, wantedBy.word.origin);
  const findings: DoctorFinding[] = [];
  if (sendsPasswordsInClear(listener)) {
    findings.push(
      trouble(
        'auth-over-network',
        'warning',
        subject,
        'passwords cross the network in clear text: the auth protocol has no TLS',
        'Use a socket on this host, or a tunnel.',
      ),
    );
  }
  if (endpoint.network === 'unix') {
    const { kind, mode } = factsOfPath(endpoint.path, account);
    // That it is not there is said already.
    if (kind !== 'socket') return [...findings, ...(await askDoveconf(listener, subject, env))];
    if (service === 'auth' && mode?.at(-2) === 'w') {
      findings.push(
        trouble(
          'auth-open-to-all',
          'warning',
          subject,
          `every account of this machine may try passwords here (${mode})`,
          `In Dovecot’s unix_listener: mode = 0660, user = ${account.name ?? account.uid}, and a group.`,
        ),
      );
    }
  }
  const hostname = analysis.program.globals.get('hostname')?.value;
  if (service === 'auth') return [...findings, ...(await probeAuth(endpoint, subject, timeout))];
  const probed = await probeLmtp(endpoint, subject, {
    domains: localDomains,
    hostname: typeof hostname === 'string' ? hostname : 'localhost',
    nobody: `maddyc-doctor-${randomBytes(6).toString('hex')}`,
    timeout,
  });
  const [domain] = localDomains;
  const isWell = domain !== undefined && probed.some(({ id }) => id === 'lmtp-postmaster');
  const accounts = isWell ? await checkMailAccount(listener, `postmaster@${domain}`, subject, env) : [];
  return [...findings, ...probed, ...accounts];
}

async function examinePorts({ analysis, account }: DoctorQuestions): Promise<readonly DoctorFinding[]> {
  const findings: DoctorFinding[] = [];
  for (const { endpoint, role, word } of addressesOf(analysis.program, takeInventory(analysis.program))) {
    if (role !== 'listen' || endpoint.network !== 'tcp') continue;
    // One after the other: the same port on two addresses would be in its own way.
    findings.push(...(await checkPort(endpoint, subjectAt(word.value, word.origin), account)));
  }
  return findings;
}

function examineFiles({ analysis, localDomains, account }: DoctorQuestions): readonly DoctorFinding[] {
  const { program } = analysis;
  const state = directoryOf(analysis, 'state_dir', '/var/lib/maddy');
  const directories = [state, directoryOf(analysis, 'runtime_dir', '/run/maddy')];
  return [
    ...directories.map(({ path, subject }) => checkDirectory(path, subject, account)),
    ...readMailSetup(program, localDomains).signatures.map((each) => checkDkimKey(each, state.path, account)),
  ];
}

function directoryOf({ program }: Analysis, key: 'state_dir' | 'runtime_dir', usual: string) {
  const property = program.globals.get(key);
  const path = typeof property?.value === 'string' ? property.value : usual;
  return { path, subject: subjectAt(`${key} ${path}`, property?.written[0]?.origin ?? null) };
}
