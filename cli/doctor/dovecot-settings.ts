import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { WantedListener } from '../../compiler/dovecot/wanted-listeners.ts';
import { type DoctorFinding, type Subject, trouble } from './finding.ts';

const execute = promisify(execFile);

/** Why a socket of Dovecot may be missing, by what its configuration says (traps D05, D28); nothing without a Dovecot here. */
export async function askDoveconf(
  { service, endpoint }: WantedListener,
  subject: Subject,
  env: Environment,
): Promise<readonly DoctorFinding[]> {
  const [protocols, base] = await settings(['protocols', 'base_dir'], env);
  if (protocols === undefined || base === undefined) return [];
  const findings: DoctorFinding[] = [];
  if (service === 'lmtp' && !/\blmtp\b/.test(protocols)) {
    findings.push(
      trouble(
        'dovecot-no-lmtp',
        'error',
        subject,
        `Dovecot’s protocols are "${protocols}", so nothing listens for LMTP`,
        'Write protocols = imap lmtp. "Unknown protocol: lmtp" in its log means that the package is missing (Debian: dovecot-lmtpd).',
      ),
    );
  }
  if (endpoint.network === 'unix' && !isBelow(endpoint.path, base)) {
    findings.push(
      trouble(
        'dovecot-elsewhere',
        'info',
        subject,
        `Dovecot makes its sockets below ${base}`,
        'A unix_listener without a path in its name is made there: name that path here, or give the listener its whole path.',
      ),
    );
  }
  return findings;
}

/**
 * What LMTP finds out only when a message comes (traps D16, D17, D18): whether Dovecot may write the mail of an account. Asked of
 * the Dovecot whose socket it is; nothing when that is another, or its tools are not here.
 */
export async function checkMailAccount(
  { endpoint }: WantedListener,
  address: string,
  subject: Subject,
  env: Environment,
): Promise<readonly DoctorFinding[]> {
  const [base, firstUid] = await settings(['base_dir', 'first_valid_uid'], env);
  if (base === undefined || firstUid === undefined || !isBelow(endpoint.path, base)) return [];
  const [uid = ''] = await run('doveadm', ['user', '-f', 'uid', address], env);
  if (!/^\d+$/.test(uid) || !/^\d+$/.test(firstUid)) return [];
  const effect = `Mail for ${address} is refused with 451 4.3.0 after the whole message was sent.`;
  if (uid === '0') {
    const advice = 'Give the account a user of its own in the userdb.';
    return [trouble('dovecot-root-mail', 'error', subject, 'Dovecot writes no mail as root (uid 0)', advice, effect)];
  }
  if (Number(uid) >= Number(firstUid)) return [];
  return [
    trouble(
      'dovecot-uid-too-low',
      'error',
      subject,
      `mail of ${address} belongs to uid ${uid}, and Dovecot’s first_valid_uid is ${firstUid}`,
      `Write first_valid_uid = ${uid}, or give the account a higher uid in the userdb.`,
      effect,
    ),
  ];
}

/** `/run` and `/var/run` are one. */
const isBelow = (path: string, base: string): boolean =>
  path.replace(/^\/var\/run\//, '/run/').startsWith(`${base.replace(/^\/var\/run\//, '/run/')}/`);

/** A value a line, in the order of the names (doveconf -h). */
function settings(names: readonly string[], env: Environment): Promise<readonly string[]> {
  return run('doveconf', ['-h', ...names], env);
}

type Environment = Readonly<Record<string, string | undefined>>;

async function run(program: string, args: readonly string[], env: Environment): Promise<readonly string[]> {
  try {
    const { stdout } = await execute(program, args, { timeout: 5000, env: { ...env } });
    return stdout.split('\n');
  } catch {
    // It is not installed, or its configuration is broken: its own log says more than we could.
    return [];
  }
}
