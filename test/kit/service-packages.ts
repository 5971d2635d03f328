import { existsSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** Debian packages behind each script of test/services, and a command that shows they are there. */
export const servicePackages = {
  dovecot: {
    command: 'dovecot',
    packages: ['dovecot-core', 'dovecot-imapd', 'dovecot-lmtpd', 'dovecot-submissiond'],
  },
  'smtp-sink': { command: 'smtp-sink', packages: ['postfix'] },
  postfix: { command: 'postfix', packages: ['postfix'] },
  postgres: { command: 'postgres', packages: ['postgresql'] },
  mariadb: { command: 'mariadbd', packages: ['mariadb-server-core', 'mariadb-client-core'] },
  slapd: { command: 'slapd', packages: ['slapd', 'ldap-utils'] },
  acme: { command: 'pebble', packages: ['pebble', 'bind9', 'openssl'] },
  dnssec: { command: 'named', packages: ['bind9', 'bind9-utils', 'openssl'] },
  rspamd: { command: 'rspamd', packages: ['rspamd'] },
  haproxy: { command: 'haproxy', packages: ['haproxy'] },
  opendkim: { command: 'opendkim', packages: ['opendkim'] },
} satisfies Record<string, { command: string; packages: readonly string[] }>;

/** Programs that tests hand our files to: shells for their completion, readers and linters of manual pages and scripts. */
export const readerPackages = {
  zsh: { command: 'zsh', packages: ['zsh'] },
  fish: { command: 'fish', packages: ['fish'] },
  mandoc: { command: 'mandoc', packages: ['mandoc'] },
  'fail2ban-regex': { command: 'fail2ban-regex', packages: ['fail2ban'] },
  'systemd-analyze': { command: 'systemd-analyze', packages: ['systemd'] },
  logrotate: { command: 'logrotate', packages: ['logrotate'] },
  'tree-sitter': { command: '/usr/include/tree_sitter/api.h', packages: ['gcc', 'libc6-dev', 'libtree-sitter-dev'] },
  python: {
    command: '/usr/lib/python3/dist-packages/spf.py',
    packages: ['python3', 'python3-dkim', 'python3-nacl', 'python3-spf', 'python3-dnspython'],
  },
  strace: { command: 'strace', packages: ['strace'] },
  faketime: { command: 'faketime', packages: ['faketime'] },
  shellcheck: { command: 'shellcheck', packages: ['shellcheck'] },
} satisfies Record<string, { command: string; packages: readonly string[] }>;

export type ServiceName = keyof typeof servicePackages;
export type ReaderName = keyof typeof readerPackages;

const searchPath = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin', '/usr/local/sbin'];

/** By its name, or a file by its path. */
export function hasCommand(command: string): boolean {
  if (isAbsolute(command)) return existsSync(command);
  return searchPath.some((directory) => existsSync(join(directory, command)));
}
