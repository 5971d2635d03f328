import { shellWord } from '../route/route-command.ts';
import type { EndpointTls } from './trial-report.ts';

export interface MailByCurl {
  /** Of 127.0.0.1. */
  readonly port: number;
  readonly tls: EndpointTls;
  /** What the client calls itself. */
  readonly helo: string;
  readonly login?: { readonly user: string; readonly password: string };
  readonly from: string;
  readonly to: string;
  /** A message, RFC 5322. */
  readonly file: string;
}

/** A line for a shell that sends a message. The certificate is taken as it is; no password goes over a line in clear that has TLS. */
export function curlCommand({ port, tls, helo, login, from, to, file }: MailByCurl): string {
  const upgrades = tls === 'starttls' && login !== undefined;
  const words = [
    'curl',
    ...(tls === 'implicit' || upgrades ? ['-k'] : []),
    ...(upgrades ? ['--ssl-reqd'] : []),
    `${tls === 'implicit' ? 'smtps' : 'smtp'}://127.0.0.1:${port}/${helo}`,
    ...(login === undefined ? [] : ['--user', `${login.user}:${login.password}`]),
    ...['--mail-from', from, '--mail-rcpt', to, '--upload-file', file],
  ];
  return words.map(shellWord).join(' ');
}
