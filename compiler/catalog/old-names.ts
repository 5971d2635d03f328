/** Names of older releases, tutorials and other programs, and what maddy 0.9.4 has instead (rules.yaml, old_names). */
export interface OldName {
  readonly old: string;
  /** What to write; null: it is gone without a successor. */
  readonly use: string | null;
  /** Where the old name stood. */
  readonly where: 'top' | 'target' | 'check' | 'modify' | 'auth' | 'directive';
  /** What changed, when writing the new name is not enough. */
  readonly hint?: string;
}

export const oldNames: readonly OldName[] = [
  { old: 'sql', use: 'storage.imapsql', where: 'top' },
  { old: 'imapsql', use: 'storage.imapsql', where: 'top' },
  { old: 'pass_table', use: 'auth.pass_table', where: 'top' },
  { old: 'extauth', use: 'auth.external', where: 'top' },
  { old: 'smtp_downstream', use: 'target.smtp', where: 'top' },
  { old: 'lmtp_downstream', use: 'target.lmtp', where: 'top' },
  { old: 'queue', use: 'target.queue', where: 'top' },
  { old: 'remote', use: 'target.remote', where: 'top' },
  { old: 'sql_query', use: 'table.sql_query', where: 'top' },
  { old: 'sql_table', use: 'table.sql_table', where: 'top' },
  { old: 'file', use: 'table.file', where: 'top' },
  { old: 'regexp', use: 'table.regexp', where: 'top' },
  { old: 'static', use: 'table.static', where: 'top' },
  { old: 'chain', use: 'table.chain', where: 'top' },
  { old: 'alias', use: 'table.file', where: 'top' },
  { old: 'dnsbl', use: 'check.dnsbl', where: 'top' },
  { old: 'milter', use: 'check.milter', where: 'top' },
  { old: 'rspamd', use: 'check.rspamd', where: 'top' },
  { old: 'authorize_sender', use: 'check.authorize_sender', where: 'top' },
  { old: 'auth.dovecot_sasl', use: 'dovecot_sasl', where: 'top' },
  { old: 'smtp_downstream', use: 'smtp', where: 'target' },
  { old: 'lmtp_downstream', use: 'lmtp', where: 'target' },
  { old: 'auth.dovecot_sasl', use: 'dovecot_sasl', where: 'auth' },
  { old: 'sign_dkim', use: 'dkim', where: 'modify' },
  { old: 'verify_dkim', use: 'dkim', where: 'check' },
  { old: 'apply_spf', use: 'spf', where: 'check' },
  {
    old: 'require_matching_ehlo',
    use: null,
    where: 'check',
    hint: 'It was removed in 0.6: take it out. require_matching_rdns is the check that is left.',
  },
  {
    old: 'check_source_hostname',
    use: null,
    where: 'check',
    hint: 'It was removed: take it out. require_matching_rdns is the check that is left.',
  },
  {
    old: 'require_source_mx',
    use: 'require_mx_record',
    where: 'check',
  },
  { old: 'fsstore', use: 'msg_store fs', where: 'directive' },
  { old: 'sqlite_cache_size', use: 'sqlite3_cache_size', where: 'directive' },
  { old: 'sqlite_busy_timeout', use: 'sqlite3_busy_timeout', where: 'directive' },
  { old: 'expand_placeholders', use: 'expand_replaceholders', where: 'directive' },
  {
    old: 'require_sender_match',
    use: null,
    where: 'directive',
    hint: 'It is documented but gone: take it out. check.authorize_sender decides who may send as whom.',
  },
  {
    old: 'malformed_action',
    use: null,
    where: 'directive',
    hint: 'It is documented but was never there: err_action covers it.',
  },
  { old: 'allow_body_subset', use: null, where: 'directive', hint: 'It is gone: take it out.' },
  {
    old: 'server_name',
    use: null,
    where: 'directive',
    hint: 'maddy takes the name from the address of the server: take it out.',
  },
  { old: 'min_version', use: 'protocols', where: 'directive' },
];
