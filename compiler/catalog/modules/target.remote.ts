import { defineModule } from '../define.ts';
import { everyDialect, madmailGo } from '../dialects.ts';
import { debug } from '../shared/debug.ts';
import { limits } from '../shared/limits.ts';

export const targetRemote = defineModule({
  name: 'target.remote',
  kind: 'target',
  implements: ['delivery_target'],
  reportedName: 'remote',
  doc: 'Delivers to the MX hosts of each recipient domain.',
  dialects: everyDialect,
  inlineArgs: { rule: 'refused', error: 'remote: inline arguments are not used' },
  unknown: 'refused',
  directives: {
    hostname: {
      type: 'string',
      required: true,
      inheritsGlobal: true,
      doc: 'EHLO name.',
      snippet: 'hostname ${1:mx.example.org}',
    },
    local_ip: { type: 'string', doc: 'Local address to connect from.', snippet: 'local_ip ${1:203.0.113.5}' },
    force_ipv4: { type: 'bool', default: false, doc: 'Never connect over IPv6.' },
    debug,
    tls_client: {
      type: 'tls_client',
      inheritsGlobal: true,
      doc: 'TLS settings for outgoing connections.',
      snippet: `tls_client {
    $1
}`,
    },
    mx_auth: {
      type: 'module_ref',
      expects: 'mx_auth_group',
      doc: 'MX authentication policies; a block or a reference to a named mx_auth block. None by default.',
      snippet: `mx_auth {
    dane
    mtasts {
        cache \${1|fs,ram|}
    }
    local_policy {
        min_tls_level \${2|none,encrypted,authenticated|}
    }
}`,
    },
    limits,
    requiretls_override: {
      type: 'bool',
      default: true,
      doc: 'Let a "TLS-Required: No" header disable policies for a message.',
    },
    relaxed_requiretls: {
      type: 'bool',
      default: true,
      doc: 'With REQUIRETLS, do not insist that the next hop also supports the extension.',
    },
    conn_reuse_limit: { type: 'int', default: 10, doc: 'Messages sent over one pooled connection.' },
    connect_timeout: { type: 'duration', default: '5m', doc: 'Connection timeout.' },
    command_timeout: { type: 'duration', default: '5m', doc: 'Timeout per command.' },
    submission_timeout: { type: 'duration', default: '5m', doc: 'Timeout after the body is sent.' },
    conn_max_idle_count: { type: 'int', default: 5, doc: 'Idle pooled connections kept per destination.' },
    conn_max_idle_time: { type: 'int', default: 150, doc: 'Seconds an idle connection stays usable.' },
    endpoint_rewrite: {
      type: 'string',
      doc: 'Send everything over HTTP to this URL or host instead of the recipient domain.',
      dialects: madmailGo,
    },
    storage: {
      type: 'block_name',
      doc: 'Name of the storage block used for the delivery cache (bare name).',
      notes: ['An unknown name is only logged.'],
      dialects: madmailGo,
    },
  },
  rules: [{ check: 'hostname-label', prefix: 'remote' }, { check: 'local-address' }],
  runtime: true,
  docPage: 'targets/remote.md',
  example: `target.remote outbound_delivery {
    mx_auth {
        dane
        mtasts
        local_policy {
            min_tls_level encrypted
        }
    }
}`,
  notes: [
    'hostname must be convertible to A-labels.',
    'limits scope "destination" is honoured here (it is a no-op in endpoints).',
  ],
});
