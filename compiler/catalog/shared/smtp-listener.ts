import { defineDirectives } from '../define.ts';
import { maddyOnly, madmailGo } from '../dialects.ts';
import { authentication } from './authentication.ts';
import { debug } from './debug.ts';
import { limits } from './limits.ts';
import { ioDebug, proxyProtocol } from './listener.ts';

/** What the endpoints smtp, submission and lmtp share. */
export const smtpListener = defineDirectives({
  ...authentication,
  hostname: {
    type: 'string',
    required: true,
    inheritsGlobal: true,
    doc: 'Name announced in the greeting and used in Received fields. Must be convertible to an A-label name.',
    snippet: 'hostname ${1:mx.example.org}',
  },
  write_timeout: { type: 'duration', default: '1m', doc: 'Time allowed for one write to the client.' },
  read_timeout: { type: 'duration', default: '10m', doc: 'Time allowed for one read from the client.' },
  shutdown_timeout: {
    type: 'duration',
    default: '3m',
    dialects: maddyOnly,
    doc: 'How long to wait for active sessions when stopping or reloading before they are cut.',
  },
  max_message_size: { type: 'datasize', default: '32M', doc: 'Largest message accepted (advertised through SIZE).' },
  max_header_size: { type: 'datasize', default: '1M', doc: 'Largest total header size accepted.' },
  max_recipients: { type: 'int', default: 20000, doc: 'Most recipients allowed in one transaction.' },
  max_received: { type: 'int', default: 50, doc: 'Received fields allowed before the message is refused as looping.' },
  buffer: {
    type: 'buffer',
    default: ['auto', '1M'],
    doc: 'Where message bodies are kept while in flight: `ram`, `fs [PATH]`, or `auto [MAX_SIZE [PATH]]` (RAM up to MAX_SIZE, file otherwise). PATH defaults to the buffer directory under state_dir.',
    snippet: 'buffer ${1|ram,fs,auto|}',
  },
  smtp_max_line_length: { type: 'int', default: 4000, doc: 'Longest command or data line accepted, in bytes.' },
  defer_sender_reject: {
    type: 'bool',
    default: true,
    doc: 'Delay sender-stage checks and rejections until the first RCPT command.',
  },
  max_logged_rcpt_errors: {
    type: 'int',
    default: 5,
    doc: 'Recipient errors logged per session before logging is muted.',
  },
  proxy_protocol: proxyProtocol,
  io_debug: ioDebug,
  debug,
  limits,
  require_pgp: {
    type: 'bool',
    default: false,
    doc: 'Refuse unencrypted messages on this endpoint.',
    dialects: madmailGo,
  },
  pgp_allow_secure_join: { type: 'bool', default: true, doc: 'Let SecureJoin messages pass.', dialects: madmailGo },
  pgp_passthrough_senders: { type: 'string_list', doc: 'Exempt senders.', dialects: madmailGo },
  pgp_passthrough_recipients: { type: 'string_list', doc: 'Exempt recipients.', dialects: madmailGo },
});

/** Where the endpoints listen. */
export const listenAddresses = {
  rule: 'addresses',
  doc: 'Listen address: tcp://HOST:PORT, tls://HOST:PORT (implicit TLS) or unix://PATH (relative to runtime_dir).',
} as const;
