import { type DoctorFinding, type Subject, trouble } from './finding.ts';
import type { ConnectionTrouble } from './line-connection.ts';

/** What it means that a server cannot be talked to, for the two that Dovecot has. */
export function connectionAdvice(service: 'lmtp' | 'auth', subject: Subject, error: ConnectionTrouble): DoctorFinding {
  const effect =
    service === 'lmtp'
      ? 'Until then mail for it gets 450 4.4.2 and waits at the sender.'
      : 'Until then every login gets 454 4.7.0.';
  switch (error.code) {
    case 'ECONNREFUSED':
      return trouble(
        `${service}-refused`,
        'error',
        subject,
        'nobody listens there any more: connection refused',
        'Dovecot was stopped and its socket is left over, or nothing listens on the port: start Dovecot (systemctl start dovecot).',
        effect,
      );
    case 'ENOENT':
      return trouble(
        `${service}-missing`,
        'error',
        subject,
        'there is no such socket',
        `Start Dovecot, and look for the unix_listener in its "service ${service}" (doveconf -n).`,
        effect,
      );
    case 'EACCES':
      return trouble(
        `${service}-not-tried`,
        'info',
        subject,
        'this account may not connect, so nothing more can be said',
        'Run the doctor as root, or as the account of the server.',
      );
    case 'ETIMEDOUT':
      return trouble(
        `${service}-silent`,
        'error',
        subject,
        'it does not answer in time',
        'Look at its log, and whether its process limits are used up.',
        effect,
      );
    default:
      return trouble(
        `${service}-broken`,
        'error',
        subject,
        `the conversation failed: ${error.message}`,
        'Look at the log of the program that listens there.',
        effect,
      );
  }
}
