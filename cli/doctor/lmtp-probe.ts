import type { Endpoint } from '../../compiler/catalog/values/endpoint.ts';
import { connectionAdvice } from './connection-advice.ts';
import { type DoctorFinding, fine, type Subject, trouble } from './finding.ts';
import { ConnectionTrouble, LineConnection } from './line-connection.ts';

export interface LmtpQuestions {
  /** Domains whose postmaster must exist. */
  readonly domains: readonly string[];
  readonly hostname: string;
  /** A local part that nobody has. */
  readonly nobody: string;
  readonly timeout: number;
}

/** Greets an LMTP server and asks for recipients; no message is sent. */
export async function probeLmtp(
  endpoint: Endpoint,
  subject: Subject,
  { domains, hostname, nobody, timeout }: LmtpQuestions,
): Promise<readonly DoctorFinding[]> {
  let connection: LineConnection | null = null;
  try {
    connection = await LineConnection.open(endpoint, timeout);
    const greeting = await connection.reply();
    if (/^VERSION\t/.test(greeting)) {
      return [
        trouble(
          'lmtp-is-auth',
          'error',
          subject,
          'the auth server answers here, not LMTP',
          'Write the path of the LMTP listener: the unix_listener in Dovecot’s "service lmtp".',
        ),
      ];
    }
    if (!/^220[ -]/.test(greeting)) {
      const said = `it does not greet as LMTP does: "${greeting.slice(0, 80)}"`;
      return [trouble('lmtp-strange', 'error', subject, said, 'Look which program listens there.')];
    }
    const hello = await connection.say(`LHLO ${hostname}`);
    if (!hello.startsWith('250')) {
      const advice = 'It may be an SMTP server: then use target.smtp, or name the LMTP listener.';
      return [trouble('lmtp-strange', 'error', subject, `it refuses LHLO: ${hello}`, advice)];
    }
    return [
      fine('lmtp', subject, `answers: ${greeting}`),
      ...(await askForRecipients(connection, subject, domains, nobody)),
    ];
  } catch (error) {
    if (!(error instanceof ConnectionTrouble)) throw error;
    return [connectionAdvice('lmtp', subject, error)];
  } finally {
    connection?.close();
  }
}

/** Traps D12, D15 and D21. */
async function askForRecipients(
  connection: LineConnection,
  subject: Subject,
  domains: readonly string[],
  nobody: string,
): Promise<readonly DoctorFinding[]> {
  const [first] = domains;
  if (first === undefined) return [];
  const findings: DoctorFinding[] = [];
  if (!(await connection.say('MAIL FROM:<>')).startsWith('250')) return [];
  for (const domain of domains) {
    const reply = await connection.say(`RCPT TO:<postmaster@${domain}>`);
    if (reply.startsWith('250')) findings.push(fine('lmtp-postmaster', subject, `postmaster@${domain} has a mailbox`));
    else {
      findings.push(
        trouble(
          'lmtp-no-postmaster',
          reply.startsWith('4') ? 'warning' : 'error',
          subject,
          `postmaster@${domain} is not taken: ${reply}`,
          'Every domain with mail must take it (RFC 5321 4.5.1), and delivery reports go there: make the account or an alias in the configuration.',
          'If the accounts have no domain, write auth_username_format = %Ln in Dovecot (2.4: %{user | username | lower}).',
        ),
      );
    }
  }
  const reply = await connection.say(`RCPT TO:<${nobody}@${first}>`);
  if (reply.startsWith('250')) {
    findings.push(
      trouble(
        'lmtp-takes-anybody',
        'warning',
        subject,
        `it takes mail for ${nobody}@${first}, which nobody has`,
        'Mail for unknown names is accepted and lost or bounced later. Give Dovecot a userdb that knows the accounts (not "static" with allow_all_users).',
      ),
    );
  }
  connection.write('QUIT\r\n');
  return findings;
}
