import type { Endpoint } from '../../compiler/catalog/values/endpoint.ts';
import { roleInName } from '../../compiler/dovecot/wanted-listeners.ts';
import { connectionAdvice } from './connection-advice.ts';
import { type DoctorFinding, fine, type Subject, trouble } from './finding.ts';
import { ConnectionTrouble, LineConnection } from './line-connection.ts';

/** Shakes hands with a Dovecot auth server as a client does (dovecot.md 1.6); no password is tried. */
export async function probeAuth(
  endpoint: Endpoint,
  subject: Subject,
  timeout: number,
): Promise<readonly DoctorFinding[]> {
  let connection: LineConnection | null = null;
  const mechanisms: string[] = [];
  let isDovecot = false;
  try {
    connection = await LineConnection.open(endpoint, timeout);
    connection.write(`VERSION\t1\t1\nCPID\t${process.pid}\n`);
    for (;;) {
      const [word = '', second = ''] = (await connection.line()).split('\t');
      if (/^220[ -]/.test(word)) return [isLmtp(subject)];
      if (word === 'VERSION') isDovecot = true;
      if (word === 'MECH') mechanisms.push(second);
      if (word === 'DONE') break;
    }
  } catch (error) {
    if (!(error instanceof ConnectionTrouble)) throw error;
    return [
      error.code === 'EOF' && isDovecot ? notForClients(endpoint, subject) : connectionAdvice('auth', subject, error),
    ];
  } finally {
    connection?.close();
  }
  if (mechanisms.includes('PLAIN') || mechanisms.includes('LOGIN')) {
    return [fine('auth', subject, `answers, and offers ${mechanisms.join(', ')}`)];
  }
  return [
    trouble(
      'auth-no-mechanism',
      'error',
      subject,
      `Dovecot offers neither PLAIN nor LOGIN, but ${mechanisms.join(', ') || 'nothing'}`,
      'No login works: write auth_mechanisms = plain login in Dovecot’s configuration.',
    ),
  ];
}

/** Trap D07. */
function isLmtp(subject: Subject): DoctorFinding {
  return trouble(
    'auth-is-lmtp',
    'error',
    subject,
    'an LMTP server answers here, not the auth server',
    'Write the path of the auth listener: the unix_listener in Dovecot’s "service auth". maddy hangs at start with this.',
  );
}

/** Trap D08. */
function notForClients({ path }: Endpoint, subject: Subject): DoctorFinding {
  const role = roleInName(path);
  const name =
    role === null
      ? 'It is a listener of another type, as auth-master or auth-userdb.'
      : `In Dovecot 2.3 the end of its name, -${role}, makes it one of another type.`;
  return trouble(
    'auth-not-client',
    'error',
    subject,
    'Dovecot’s auth server answers, but this listener is not for clients',
    `${name} Use a unix_listener in "service auth" whose name ends otherwise: auth-maddy-client.`,
  );
}
