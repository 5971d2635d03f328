import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { WantedListener } from '../../compiler/dovecot/wanted-listeners.ts';
import { type DoctorFinding, type Subject, trouble } from './finding.ts';

const execute = promisify(execFile);

/** Why a socket of Dovecot may be missing, by what its configuration says (traps D05, D28); nothing without a Dovecot here. */
export async function askDoveconf(
  { service, endpoint }: WantedListener,
  subject: Subject,
  env: Readonly<Record<string, string | undefined>>,
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

/** `/run` and `/var/run` are one. */
const isBelow = (path: string, base: string): boolean =>
  path.replace(/^\/var\/run\//, '/run/').startsWith(`${base.replace(/^\/var\/run\//, '/run/')}/`);

/** A value a line, in the order of the names (doveconf -h). */
async function settings(
  names: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<readonly string[]> {
  try {
    const { stdout } = await execute('doveconf', ['-h', ...names], { timeout: 5000, env: { ...env } });
    return stdout.split('\n');
  } catch {
    // It is not installed, or its configuration is broken: its own log says more than we could.
    return [];
  }
}
