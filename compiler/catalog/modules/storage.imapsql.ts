import { defineModule } from '../define.ts';
import { everyDialect, maddyOnly, madmailGo, madmailOnly, madmailRust } from '../dialects.ts';
import { debug } from '../shared/debug.ts';
import { normalizations } from '../shared/normalizations.ts';

export const storageImapsql = defineModule({
  name: 'storage.imapsql',
  kind: 'storage',
  implements: ['storage', 'manageable_storage', 'delivery_target', 'table'],
  doc: 'Mailboxes with indexes in SQLite or PostgreSQL and bodies in a blob store.',
  dialects: everyDialect,
  inlineArgs: {
    rule: 'positional',
    args: [
      { name: 'driver', type: 'string', into: 'driver', doc: 'SQL driver.' },
      { name: 'dsn', type: 'string', into: 'dsn', doc: 'Data source.', repeated: true },
    ],
    combine: 'fallback',
    tooFew: 'imapsql: expected at least 2 arguments',
  },
  unknown: 'refused',
  directives: {
    driver: {
      type: 'string',
      values: ['sqlite3', 'postgres', 'mysql'],
      doc: 'SQL driver: sqlite3 or postgres.',
      snippet: 'driver ${1|sqlite3,postgres|}',
    },
    dsn: {
      type: 'string_list',
      secretFrom: 0,
      doc: 'Data source; arguments are joined with spaces.',
      snippet: 'dsn ${1:imapsql.db}',
    },
    fsstore: {
      type: 'module_ref',
      expects: 'blob_store',
      implies: 'storage.blob.fs',
      repeatable: 'last',
      deprecated: 'msg_store fs',
      doc: 'Old spelling of "msg_store fs".',
      snippet: 'fsstore ${1:messages}',
    },
    msg_store: {
      type: 'module_ref',
      expects: 'blob_store',
      default: ['fs', 'messages'],
      doc: 'Where message bodies are kept.',
      snippet: 'msg_store ${1:fs messages}',
    },
    compression: {
      type: 'compression',
      default: 'off',
      doc: 'Message compression: off, or zstd/lz4 with an optional level.',
      snippet: 'compression ${1|off,zstd,lz4|}',
    },
    appendlimit: { type: 'datasize', default: '32M', doc: 'Largest message accepted through IMAP APPEND.' },
    debug,
    sqlite3_cache_size: { type: 'int', default: 0, doc: 'SQLite page cache size; negative is KiB.' },
    sqlite3_busy_timeout: { type: 'int', default: 5000, doc: 'SQLite busy timeout in milliseconds.' },
    disable_recent: { type: 'bool', default: true, doc: 'Do not track the \\Recent flag.' },
    junk_mailbox: {
      type: 'string',
      default: 'Junk',
      doc: 'Mailbox that receives quarantined messages.',
      snippet: 'junk_mailbox ${1:Junk}',
    },
    imap_filter: {
      type: 'module_ref',
      expects: 'imap_filter_group',
      dialects: maddyOnly,
      doc: 'Filters that choose folder and flags at delivery; a block, or a reference to an imap_filters block.',
      snippet: `imap_filter {
    command \${1:/path/to/script}
}`,
      notes: ['Madmail knows the directive but has no imap_filters module.'],
    },
    auth_map: {
      type: 'module_ref',
      expects: 'table',
      deprecated: 'storage_map in the imap endpoint',
      doc: 'Maps user names to accounts.',
      snippet: 'auth_map ${1:&local_rewrites}',
    },
    auth_normalize: {
      type: 'string',
      values: normalizations,
      default: 'auto',
      deprecated: 'storage_map_normalize in the imap endpoint',
      doc: 'Normalisation of user names.',
    },
    delivery_map: {
      type: 'module_ref',
      expects: 'table',
      doc: 'Maps recipient addresses to accounts; a missing entry means the user does not exist.',
      snippet: 'delivery_map ${1:&local_rewrites}',
    },
    delivery_normalize: {
      type: 'string',
      values: normalizations,
      default: 'precis_casefold_email',
      doc: 'Normalisation of recipient addresses before delivery_map.',
    },
    retention: {
      type: 'duration',
      default: '0s',
      doc: 'Delete messages older than this; 0 disables.',
      notes: ['Go durations: no day unit here; version 2 accepts d.'],
      dialects: madmailOnly,
    },
    unused_account_retention: {
      type: 'duration',
      default: '0s',
      doc: 'Delete accounts never used for this long; needs auth_db.',
      dialects: madmailOnly,
    },
    auth_db: {
      type: 'block_name',
      doc: 'Name of the auth block whose accounts follow (bare name).',
      dialects: madmailGo,
    },
    default_quota: { type: 'datasize', default: '1G', doc: 'Quota of an account.', dialects: madmailOnly },
    auto_create: { type: 'bool', default: false, doc: 'Create mailboxes on first delivery.', dialects: madmailGo },
    settings_table: {
      type: 'module_ref',
      expects: 'table',
      doc: 'Table with runtime settings.',
      snippet: 'settings_table ${1:&local_rewrites}',
      dialects: madmailGo,
    },
    mail_fsync: {
      type: 'enum',
      values: ['always', 'optimized', 'never'],
      default: 'always',
      dialects: madmailRust,
      doc: 'File sync policy.',
    },
    blob_dedup: {
      type: 'enum',
      values: ['on', 'off'],
      default: 'on',
      dialects: madmailRust,
      doc: 'Content deduplication.',
    },
  },
  rules: [
    {
      kind: 'missing-part',
      about: ['dsn'],
      holds: { required: ['dsn'] },
      message: 'no data source: {module} needs dsn',
      details: ['Give the database with dsn, for example: dsn imapsql.db'],
      maddy: 'imapsql: dsn is required',
    },
    {
      kind: 'missing-part',
      about: ['driver'],
      holds: { required: ['driver'], properties: { driver: { minLength: 1 } } },
      message: 'no SQL driver: {module} needs driver',
      details: ['Write driver sqlite3 or driver postgres.'],
      maddy: 'imapsql: driver is required',
    },
    {
      kind: 'value',
      about: ['driver'],
      holds: { properties: { driver: { enum: ['', 'sqlite3', 'sqlite', 'postgres', 'mysql'] } } },
      message: 'unknown SQL driver "{driver}"',
      details: ['Known drivers: sqlite3, postgres, mysql.'],
      maddy: 'imapsql: unknown driver "{driver}"',
    },
    {
      kind: 'value',
      about: ['appendlimit'],
      holds: { properties: { appendlimit: { exclusiveMaximum: 4294967296 } } },
      message: 'appendlimit is too large',
      details: ['It must stay below 4 GiB (4G).'],
      maddy: 'imapsql: appendlimit value is too big',
    },
    {
      kind: 'value',
      about: ['delivery_normalize'],
      holds: {
        properties: {
          delivery_normalize: {
            enum: ['auto', 'precis_casefold_email', 'precis_casefold', 'precis_email', 'precis', 'casefold', 'noop'],
          },
        },
      },
      message: 'unknown normalisation "{delivery_normalize}"',
      details: ['One of: auto, precis_casefold_email, precis_casefold, precis_email, precis, casefold, noop.'],
      maddy: 'imapsql: unknown normalization function: {delivery_normalize}',
    },
    {
      kind: 'value',
      about: ['auth_normalize'],
      holds: {
        properties: {
          auth_normalize: {
            enum: ['auto', 'precis_casefold_email', 'precis_casefold', 'precis_email', 'precis', 'casefold', 'noop'],
          },
        },
      },
      message: 'unknown normalisation "{auth_normalize}"',
      details: ['One of: auto, precis_casefold_email, precis_casefold, precis_email, precis, casefold, noop.'],
      maddy: 'imapsql: unknown normalization function: {auth_normalize}',
    },
  ],
  runtime: false,
  docPage: 'storage/imapsql.md',
  example: `storage.imapsql local_mailboxes {
    driver sqlite3
    dsn imapsql.db
}`,
  notes: [
    'driver and dsn are checked after parsing: "imapsql: dsn is required", "imapsql: driver is required" (no file or line).',
    'The database itself is opened only at start, not while verifying; but the directory for messages is created.',
    'auth_normalize and delivery_normalize are plain strings: a bad value is reported as "imapsql: unknown normalization function: X" without position.',
  ],
});
