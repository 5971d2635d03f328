import { defineDirectives } from '../define.ts';
import { everyDialect } from '../dialects.ts';
import { debug } from './debug.ts';

const clientTimeouts = defineDirectives({
  connect_timeout: { type: 'duration', default: '5m', doc: 'Time allowed to establish the TCP/UNIX connection.' },
  command_timeout: { type: 'duration', default: '5m', doc: 'Time allowed for one SMTP command.' },
  submission_timeout: {
    type: 'duration',
    default: '5m',
    doc: 'Time allowed to wait for the reply after the message body.',
  },
});

const smtpClientDirectives = defineDirectives({
  hostname: {
    type: 'string',
    required: true,
    inheritsGlobal: true,
    doc: 'Name used in EHLO/LHLO.',
    snippet: 'hostname ${1:mx.example.org}',
  },
  auth: {
    type: 'smtp_client_auth',
    default: 'off',
    secretFrom: 2,
    doc: "Credentials presented to the server: off, forward (reuse the client's own), plain USER PASS, login USER PASS, or external (TLS client certificate).",
    snippet: 'auth ${1|off,forward,external|}',
  },
  tls_client: {
    type: 'tls_client',
    inheritsGlobal: true,
    doc: 'TLS settings for outgoing connections.',
    snippet: `tls_client {
    \${1:root_ca /etc/ssl/ca.pem}
}`,
  },
  ...clientTimeouts,
  debug,
  attempt_starttls: {
    type: 'bool',
    repeatable: 'last',
    deprecated: 'starttls',
    doc: 'Old spelling of starttls; wins over starttls when both are given.',
  },
  require_tls: {
    type: 'flag',
    repeatable: 'last',
    deprecated: '',
    doc: 'Ignored.',
    notes: ['Accepts any arguments and has no effect except a log line.'],
  },
});

/** What target.smtp and target.lmtp share. */
export const smtpClient = {
  kind: 'target',
  implements: ['delivery_target'],
  dialects: everyDialect,
  inlineArgs: {
    rule: 'positional',
    args: [
      {
        name: 'target',
        type: 'endpoint',
        into: 'targets',
        doc: 'Server address; the same as listing it in `targets`.',
        repeated: true,
      },
    ],
    combine: 'append',
  },
  unknown: 'refused',
  directives: smtpClientDirectives,
  runtime: true,
  docPage: 'targets/smtp.md',
} as const;
