import type { Analysis } from '../analyse.ts';
import type { Program } from '../ir/ir.ts';
import { fieldsIn, Inline, isList, isUse, moduleOf } from '../ir/ir.ts';
import { takeInventory } from '../ir/walk.ts';
import { macroDomains } from '../routing/prove/local-domains.ts';
import { listenerBlocks } from './render-listeners.ts';
import { roleInName, sendsPasswordsInClear, type WantedListener, wantedListeners } from './wanted-listeners.ts';

export interface RenderOptions {
  /** Of Dovecot; 2.4 writes most of this differently. */
  readonly release: '2.3' | '2.4';
  /** What `dovecot_config_version` says, for 2.4. */
  readonly configVersion: string;
  /** Dovecot's base_dir: sockets there go by their names alone. */
  readonly baseDirectory: string;
  /** Account that runs the mail server: it may use the sockets. */
  readonly serviceUser: string;
  readonly serviceGroup: string;
  readonly users: UserDatabase;
  /** Accounts are whole addresses, or what stands before the @. */
  readonly accountNames: 'full' | 'local';
  readonly mailDirectory: string;
  /** Null: at the first local domain. */
  readonly postmaster: string | null;
}

export type UserDatabase =
  | { readonly kind: 'passwd-file'; readonly path: string }
  /** Accounts of the system, by PAM. */
  | { readonly kind: 'system' };

/** Where nobody says otherwise. */
export const usualRenderOptions = {
  baseDirectory: '/run/dovecot',
  serviceUser: 'maddy',
  serviceGroup: 'maddy',
  users: { kind: 'passwd-file', path: '/etc/dovecot/users' },
  accountNames: 'full',
  mailDirectory: '~/Maildir',
  postmaster: null,
} satisfies Omit<RenderOptions, 'release' | 'configVersion'>;

export interface RenderedDovecot {
  readonly text: string;
  /** What does not fit, or has to be known before it is used; a sentence each. */
  readonly notes: readonly string[];
  readonly listeners: readonly WantedListener[];
}

/** The configuration of Dovecot for the sockets that this one connects to; null when it connects to none. */
export function renderDovecot(
  { program, expansion }: Pick<Analysis, 'program' | 'expansion'>,
  options: RenderOptions,
): RenderedDovecot | null {
  const listeners = wantedListeners(program);
  if (listeners.length === 0) return null;
  const sections = [
    versionLines(options),
    protocolLines(listeners),
    mailLines(options),
    tlsLines(program, options),
    loginLines(options),
    userLines(options),
    ...listenerBlocks(listeners, options),
    ...(listeners.some(({ service }) => service === 'lmtp')
      ? [postmasterLines(postmasterOf(program, expansion, options))]
      : []),
  ];
  const text = sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
  return { text, notes: notesOn({ program, expansion }, listeners, options), listeners };
}

function versionLines({ release, configVersion }: RenderOptions): readonly string[] {
  if (release === '2.3') return ['# Dovecot 2.3'];
  return [`dovecot_config_version = ${configVersion}`, `dovecot_storage_version = ${configVersion}`];
}

function protocolLines(listeners: readonly WantedListener[]): readonly string[] {
  const lmtp = listeners.some(({ service }) => service === 'lmtp');
  return [`protocols = imap${lmtp ? ' lmtp' : ''}`];
}

function mailLines({ release, mailDirectory }: RenderOptions): readonly string[] {
  return release === '2.3'
    ? [`mail_location = maildir:${mailDirectory}`]
    : ['mail_driver = maildir', `mail_path = ${mailDirectory}`];
}

/** The certificate of the mail server is the one for IMAP too; Dovecot reads the key as root. */
function tlsLines(program: Program, { release }: RenderOptions): readonly string[] {
  const value = fieldsIn(program.globals.get('tls')?.value);
  if (value?.enabled === false) {
    return ['# TLS is off for the mail server too: only on loopback, or behind something that adds it.', 'ssl = no'];
  }
  const files = certificateFiles(program);
  if (files === null) {
    const settings =
      release === '2.3' ? 'ssl_cert = </FILE and ssl_key = </FILE' : 'ssl_server_cert_file and ssl_server_key_file';
    return [`# IMAP needs a certificate: ${settings}. The mail server makes its own, so none can be named here.`];
  }
  const [cert, key] = files;
  return release === '2.3'
    ? ['ssl = required', `ssl_cert = <${cert}`, `ssl_key = <${key}`]
    : ['ssl = required', `ssl_server_cert_file = ${cert}`, `ssl_server_key_file = ${key}`];
}

/** The first pair of the global `tls file`. */
function certificateFiles(program: Program): readonly [cert: string, key: string] | null {
  const loader = fieldsIn(program.globals.get('tls')?.value)?.loader;
  const module = isUse(loader) ? moduleOf(loader) : undefined;
  if (module?.entry.name !== 'tls.loader.file') return null;
  const first = (property: string): string | undefined => {
    const value = module.config.get(property)?.value;
    const [text] = isList(value) ? value : [];
    return typeof text === 'string' ? text : undefined;
  };
  const [cert, key] = [first('certs'), first('keys')];
  return cert === undefined || key === undefined ? null : [cert, key];
}

function loginLines({ release, accountNames }: RenderOptions): readonly string[] {
  const formats = {
    '2.3': { full: '%Lu', local: '%Ln' },
    '2.4': { full: '%{user | lower}', local: '%{user | username | lower}' },
  };
  const why =
    accountNames === 'full' ? [] : ['# Accounts have no domain: bob@a.example and bob@b.example are one mailbox.'];
  return ['auth_mechanisms = plain login', ...why, `auth_username_format = ${formats[release][accountNames]}`];
}

function userLines({ release, users }: RenderOptions): readonly string[] {
  if (users.kind === 'system') {
    return release === '2.3'
      ? ['passdb {', '  driver = pam', '}', 'userdb {', '  driver = passwd', '}']
      : ['passdb pam {', '}', 'userdb passwd {', '}'];
  }
  const { path } = users;
  const comment =
    '# A line for each account: alice@example.org:{BLF-CRYPT}HASH:UID:GID::HOME::   (hash: doveadm pw -s BLF-CRYPT)';
  if (release === '2.3') {
    return [
      comment,
      'passdb {',
      '  driver = passwd-file',
      `  args = scheme=BLF-CRYPT username_format=%u ${path}`,
      '}',
      'userdb {',
      '  driver = passwd-file',
      `  args = username_format=%u ${path}`,
      '}',
    ];
  }
  return [
    comment,
    'passdb passwd-file {',
    `  passwd_file_path = ${path}`,
    '  default_password_scheme = BLF-CRYPT',
    '}',
    'userdb passwd-file {',
    `  passwd_file_path = ${path}`,
    '}',
  ];
}

function postmasterLines(address: string | null): readonly string[] {
  return [
    'protocol lmtp {',
    ...(address === null ? [] : [`  postmaster_address = ${address}`]),
    '  # A full mailbox is said at RCPT, for each recipient, instead of after the message.',
    '  lmtp_rcpt_check_quota = yes',
    '}',
  ];
}

function postmasterOf(
  program: Program,
  expansion: Analysis['expansion'],
  { postmaster }: RenderOptions,
): string | null {
  if (postmaster !== null) return postmaster;
  const hostname = program.globals.get('hostname')?.value;
  const domain = macroDomains(expansion)[0] ?? hostname;
  return typeof domain === 'string' ? `postmaster@${domain}` : null;
}

function notesOn(
  { program, expansion }: Pick<Analysis, 'program' | 'expansion'>,
  listeners: readonly WantedListener[],
  options: RenderOptions,
): readonly string[] {
  const notes: string[] = [];
  for (const listener of listeners) {
    const { address, endpoint, service } = listener;
    const role = service === 'auth' && endpoint.network === 'unix' ? roleInName(endpoint.path) : null;
    if (role !== null && options.release === '2.3') {
      notes.push(
        `${address}: Dovecot 2.3 takes a listener whose name ends in -${role} for another kind, and no login would work. Rename it in both files.`,
      );
    }
    if (sendsPasswordsInClear(listener)) {
      notes.push(
        `${address}: the auth protocol has no TLS, so passwords cross the network in clear text. Use a socket or a tunnel.`,
      );
    }
    if (endpoint.tls)
      notes.push(`${address}: with ssl = yes the listener needs a certificate that the mail server trusts.`);
  }
  if (options.accountNames === 'local' && comparesWholeAddresses(program)) {
    notes.push(
      'authorize_sender compares the login with the whole sender address (user_to_email identity), and logins have no domain here: write user_to_email email_with_domain DOMAIN',
    );
  }
  const domains = macroDomains(expansion);
  if (options.accountNames === 'local' && domains.length > 1) {
    notes.push(
      `accounts have no domain, and there are several (${domains.join(', ')}): bob at any of them is one mailbox`,
    );
  }
  if (options.users.kind === 'system') {
    notes.push('Mail of system accounts below first_valid_uid is refused with 451 4.3.0 after DATA.');
  }
  return notes;
}

/** Trap D14. */
function comparesWholeAddresses(program: Program): boolean {
  return (takeInventory(program).byEntry.get('check.authorize_sender') ?? []).some((check) => {
    const use = check.config.get('user_to_email')?.value;
    return use === undefined || (use instanceof Inline && use.module.entry.name === 'table.identity');
  });
}
