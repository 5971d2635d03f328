import { defineModule } from '../define.ts';
import { maddyOnly } from '../dialects.ts';

export const checkRspamd = defineModule({
  name: 'check.rspamd',
  kind: 'check',
  implements: ['check'],
  doc: 'Asks an rspamd worker over HTTP for a verdict.',
  dialects: maddyOnly,
  inlineArgs: {
    rule: 'positional',
    args: [{ name: 'api_path', type: 'string', into: 'api_path', doc: 'Base URL.' }],
    combine: 'fallback',
    tooMany: 'check.rspamd: unexpected amount of inline arguments',
  },
  unknown: 'refused',
  directives: {
    tls_client: {
      type: 'tls_client',
      inheritsGlobal: true,
      doc: 'TLS settings for https API URLs.',
      snippet: `tls_client {
    $1
}`,
    },
    api_path: {
      type: 'string',
      default: 'http://127.0.0.1:11333',
      doc: 'Base URL of the rspamd worker.',
      snippet: 'api_path ${1:http://127.0.0.1:11333}',
    },
    settings_id: { type: 'string', doc: 'Settings ID sent to rspamd.' },
    tag: { type: 'string', default: 'maddy', doc: 'MTA-Tag header value.', snippet: 'tag ${1:value}' },
    hostname: { type: 'string', inheritsGlobal: true, doc: 'MTA-Name header value.' },
    io_error_action: { type: 'fail_action', default: 'ignore', doc: 'Action when rspamd cannot be reached.' },
    error_resp_action: { type: 'fail_action', default: 'ignore', doc: 'Action on an HTTP error reply.' },
    add_header_action: { type: 'fail_action', default: 'quarantine', doc: 'Action for the "add header" verdict.' },
    rewrite_subj_action: {
      type: 'fail_action',
      default: 'quarantine',
      doc: 'Action for the "rewrite subject" verdict.',
    },
    reject_action: { type: 'fail_action', default: 'reject', doc: 'Action for the "reject" verdict.' },
    soft_reject_action: { type: 'fail_action', default: 'reject', doc: 'Action for the "soft reject" verdict.' },
    flags: {
      type: 'string_list',
      default: 'pass_all',
      doc: 'Flags sent with the request.',
      snippet: 'flags ${1:value}',
    },
  },
  runtime: true,
  docPage: 'checks/rspamd.md',
  example: `check {
    rspamd {
        api_path http://127.0.0.1:11333
    }
}`,
  notes: ['No debug directive.', 'Not contacted at load time.'],
});
