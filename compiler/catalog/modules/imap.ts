import { defineModule } from '../define.ts';
import { everyDialect, madmailGo, madmailOnly } from '../dialects.ts';
import { authentication } from '../shared/authentication.ts';
import { debug } from '../shared/debug.ts';
import { insecureAuth, ioDebug } from '../shared/listener.ts';
import { normalizations } from '../shared/normalizations.ts';
import { listenAddresses } from '../shared/smtp-listener.ts';
import { tls } from '../shared/tls.ts';

export const imap = defineModule({
  name: 'imap',
  kind: 'endpoint',
  implements: ['endpoint'],
  doc: 'IMAP4rev1 access to a storage module for authenticated users.',
  dialects: everyDialect,
  inlineArgs: listenAddresses,
  unknown: 'refused',
  directives: {
    ...authentication,
    storage: {
      type: 'module_ref',
      expects: 'storage',
      required: true,
      doc: 'Storage module that holds the mailboxes.',
      snippet: 'storage ${1:&local_mailboxes}',
    },
    tls,
    proxy_protocol: {
      type: 'proxy_protocol',
      doc: 'Expect a HAProxy PROXY protocol header (v1 or v2) on accepted connections. Arguments are trusted source addresses or CIDRs; with none, any peer is trusted. UNIX socket peers are always trusted.',
      snippet: 'proxy_protocol ${1:127.0.0.1}',
      notes: [
        'An address without a prefix length gets /32 even when it is IPv6, so a bare ::1 trusts the whole ::/32 network; write /128 explicitly.',
        'Crashes Madmail 0.47.1 in imap.',
      ],
    },
    insecure_auth: insecureAuth,
    io_debug: ioDebug,
    io_errors: { type: 'bool', default: false, doc: 'Log connection I/O errors.' },
    debug,
    storage_map_normalize: {
      type: 'enum',
      values: normalizations,
      default: 'auto',
      doc: 'Normalisation applied to the user name before storage_map.',
    },
    storage_map: {
      type: 'module_ref',
      expects: 'table',
      doc: 'Table mapping the user name to the storage account name; a missing entry means invalid credentials.',
      snippet: 'storage_map ${1:&local_rewrites}',
    },
    auto_logout: {
      type: 'duration',
      default: '30m',
      doc: 'Idle time before a session is closed.',
      dialects: madmailGo,
    },
    turn_enable: {
      type: 'bool',
      default: false,
      doc: 'Advertise a TURN server through METADATA.',
      dialects: madmailOnly,
    },
    turn_server: { type: 'string', doc: 'TURN host.', dialects: madmailOnly },
    turn_port: { type: 'int', default: 3478, doc: 'TURN port.', dialects: madmailOnly },
    turn_secret: { type: 'string', secretFrom: 0, doc: 'TURN secret.', dialects: madmailOnly },
    turn_ttl: { type: 'int', default: 86400, doc: 'Lifetime of TURN credentials in seconds.', dialects: madmailOnly },
    turn_prefer_tls: {
      type: 'bool',
      inheritsGlobal: true,
      default: true,
      doc: 'Advertise TURN over TLS first.',
      dialects: madmailGo,
    },
    iroh_relay_url: { type: 'string', doc: 'Relay URL advertised for realtime apps.', dialects: madmailOnly },
    xchatmail: { type: 'bool', default: false, doc: 'Enable the XCHATMAIL capability.', dialects: madmailGo },
  },
  rules: [
    {
      check: 'listen',
      maddy: 'imap: invalid address: {address}',
      secure: 'needs-tls',
      maddySecure: "imap: can't bind on IMAPS endpoint without TLS configuration",
    },
  ],
  runtime: false,
  docPage: 'endpoints/imap.md',
  example: `imap tls://0.0.0.0:993 tcp://0.0.0.0:143 {
    auth &local_authdb
    storage &local_mailboxes
}`,
  notes: [
    'Bad address: "imap: invalid address: <addr>".',
    'Unlike smtp, a tls:// address with TLS off fails already at load: "imap: can\'t bind on IMAPS endpoint without TLS configuration".',
    'auth is optional at load time, but without it nobody can log in.',
  ],
});
