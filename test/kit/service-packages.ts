import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Debian packages behind each script of test/services, and a command that shows they are there. */
export const servicePackages = {
  dovecot: {
    command: 'dovecot',
    packages: ['dovecot-core', 'dovecot-imapd', 'dovecot-lmtpd', 'dovecot-submissiond'],
  },
  'smtp-sink': { command: 'smtp-sink', packages: ['postfix'] },
  postfix: { command: 'postfix', packages: ['postfix'] },
  postgres: { command: 'postgres', packages: ['postgresql'] },
  slapd: { command: 'slapd', packages: ['slapd', 'ldap-utils'] },
  haproxy: { command: 'haproxy', packages: ['haproxy'] },
} satisfies Record<string, { command: string; packages: readonly string[] }>;

export type ServiceName = keyof typeof servicePackages;

const searchPath = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin', '/usr/local/sbin'];

export function hasCommand(command: string): boolean {
  return searchPath.some((directory) => existsSync(join(directory, command)));
}
