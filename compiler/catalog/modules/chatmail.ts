import { defineModule } from '../define.ts';
import { madmailOnly, madmailRust } from '../dialects.ts';
import { ownDebug } from '../shared/debug.ts';
import { listenAddresses } from '../shared/smtp-listener.ts';
import { optionalTls } from '../shared/tls.ts';

export const chatmail = defineModule({
  name: 'chatmail',
  kind: 'endpoint',
  implements: ['endpoint'],
  doc: 'HTTP(S) service for Chatmail: account creation, QR codes, federation over HTTP, admin API and web UI, optional Shadowsocks proxy.',
  dialects: madmailOnly,
  since: 'Madmail 0.1',
  inlineArgs: listenAddresses,
  unknown: 'refused',
  directives: {
    debug: ownDebug,
    mail_domain: {
      type: 'string',
      required: true,
      doc: 'Domain of the addresses handed out; an IP address is wrapped in brackets.',
      snippet: 'mail_domain ${1:\\$(primary_domain)}',
    },
    mx_domain: { type: 'string', required: true, doc: 'MX host name.', snippet: 'mx_domain ${1:\\$(primary_domain)}' },
    web_domain: {
      type: 'string',
      required: true,
      doc: 'Domain used in web links.',
      snippet: 'web_domain ${1:\\$(primary_domain)}',
    },
    username_length: { type: 'int', default: 8, doc: 'Length of generated user names.' },
    password_length: { type: 'int', default: 16, doc: 'Length of generated passwords.' },
    public_ip: { type: 'string', doc: 'Address advertised to clients.' },
    turn_off_tls: { type: 'bool', default: false, doc: 'Tell clients not to verify TLS.' },
    alpn_smtp: {
      type: 'block_name',
      unresolved: 'chatmail: failed to get ALPN SMTP module ({name}): unknown config block: {name}',
      doc: 'ALPN: name of the endpoint that receives SMTP.',
    },
    alpn_imap: {
      type: 'block_name',
      unresolved: 'chatmail: failed to get ALPN IMAP module ({name}): unknown config block: {name}',
      doc: 'ALPN: name of the endpoint that receives IMAP.',
    },
    enable_contact_sharing: { type: 'bool', default: false, doc: 'Contact sharing pages.' },
    www_dir: { type: 'string', doc: 'Directory that overrides the built-in web pages.' },
    language: {
      type: 'string',
      default: 'en',
      doc: 'Default language of the pages.',
      snippet: 'language ${1|en,fa,ru,es|}',
    },
    ss_addr: { type: 'string', doc: 'Shadowsocks listen address; empty means off.' },
    ss_password: { type: 'string', secretFrom: 0, doc: 'Shadowsocks password.' },
    ss_cipher: {
      type: 'string',
      default: 'aes-128-gcm',
      doc: 'Shadowsocks cipher.',
      snippet: 'ss_cipher ${1|aes-128-gcm,aes-256-gcm,chacha20-ietf-poly1305|}',
    },
    ss_cert: { type: 'string', doc: 'Shadowsocks certificate file.' },
    ss_key: { type: 'string', doc: 'Shadowsocks key file.' },
    ss_allowed_ports: {
      type: 'string_list',
      default: ['25', '143', '465', '587', '993', '3478', '5349'],
      doc: 'Ports reachable through the proxy.',
      snippet: 'ss_allowed_ports ${1:value}',
    },
    sharing_driver: {
      type: 'string',
      default: 'sqlite3',
      doc: 'SQL driver of the sharing database.',
      snippet: 'sharing_driver ${1:value}',
    },
    sharing_dsn: {
      type: 'string_list',
      whenUnset: 'state_dir/sharing.db',
      secretFrom: 0,
      doc: 'Data source of the sharing database.',
      snippet: 'sharing_dsn ${1:value}',
    },
    max_message_size: {
      type: 'string',
      default: '32M',
      doc: 'Size limit for HTTP submission (parsed later as a data size).',
      snippet: 'max_message_size ${1:value}',
    },
    admin_token: {
      type: 'string',
      secretFrom: 0,
      doc: 'Admin API token; `disabled` turns the API off; empty generates one.',
    },
    admin_path: {
      type: 'string',
      default: '/api/admin',
      doc: 'Admin API path; must start with a slash or the program crashes.',
      snippet: 'admin_path ${1:value}',
    },
    admin_web_path: {
      type: 'string',
      default: '',
      doc: 'Path of the admin web UI.',
      snippet: 'admin_web_path ${1:value}',
    },
    auth_db: {
      type: 'block_name',
      unresolved: 'chatmail: failed to get auth DB instance: unknown config block: {name}',
      required: true,
      doc: 'Name of the auth block (no ampersand).',
    },
    storage: {
      type: 'block_name',
      unresolved: 'chatmail: failed to get storage instance: unknown config block: {name}',
      required: true,
      doc: 'Name of the storage block (no ampersand).',
    },
    tls: optionalTls,
    min_username_length: { type: 'int', dialects: madmailRust, doc: 'Default 8.' },
    max_username_length: { type: 'int', dialects: madmailRust, doc: 'Default 20.' },
    password_min_length: { type: 'int', dialects: madmailRust, doc: 'Default 8.' },
  },
  runtime: false,
  example: `chatmail tls://0.0.0.0:443 {
    mail_domain $(primary_domain)
    mx_domain $(primary_domain)
    web_domain $(primary_domain)
    auth_db local_authdb
    storage local_mailboxes
}`,
  notes: [
    'auth_db and storage take a bare block name, unlike auth and storage in imap which take &name.',
    'Version 2 makes web_domain, mx_domain, auth_db and storage optional/ignored and adds min_username_length, max_username_length and password_min_length; see madmail_v2.',
    'One auth.pass_table block must exist; if it also is named local_authdb its driver and dsn lines are read textually from the file.',
  ],
});
