import type { ModuleName } from '../catalog/catalog.ts';

/**
 * What becomes of a module in a trial:
 * - `same`: it only reckons, or holds others together.
 * - `listens`: an endpoint; it stands on loopback.
 * - `delivers`: it would take mail elsewhere; the message becomes a file.
 * - `own-files`: it works, with files of the trial.
 * - `file`: a file is read, if it is there and can be read.
 * - `assumed`: a table that asks others; it knows the trial's account and nothing else.
 * - `account`: who asks about a password is told of the trial's account.
 * - `passes`: a check that asks others; nothing is said against the message.
 * - `certificate`: TLS with the certificate of the trial.
 * - `left-out`: nothing that stays needs it, or maddyc does not run it.
 */
export type TrialRule =
  | 'same'
  | 'listens'
  | 'delivers'
  | 'own-files'
  | 'file'
  | 'assumed'
  | 'account'
  | 'passes'
  | 'certificate'
  | 'left-out';

/** Every module has its rule: one that is new does not compile until somebody has thought about it. */
export const trialRules: { readonly [Name in ModuleName]: TrialRule } = {
  smtp: 'listens',
  submission: 'listens',
  lmtp: 'listens',
  openmetrics: 'listens',
  dovecot_sasld: 'listens',

  imap: 'left-out',
  chatmail: 'left-out',
  turn: 'left-out',

  'target.remote': 'delivers',
  'target.smtp': 'delivers',
  'target.lmtp': 'delivers',
  'target.maildir': 'delivers',
  'target.imapsql': 'delivers',
  'storage.imapsql': 'delivers',

  'target.queue': 'own-files',
  'modify.dkim': 'own-files',
  'modify.arc': 'own-files',

  msgpipeline: 'same',
  checks: 'same',
  modifiers: 'same',
  dummy: 'same',
  limits: 'same',
  require_tls: 'same',
  'check.authorize_sender': 'same',
  'modify.replace_rcpt': 'same',
  'modify.replace_sender': 'same',
  'table.chain': 'same',
  'table.email_localpart': 'same',
  'table.email_localpart_optional': 'same',
  'table.email_with_domain': 'same',
  'table.identity': 'same',
  'table.regexp': 'same',
  'table.static': 'same',

  'table.file': 'file',

  'table.gorm': 'assumed',
  'table.ldap': 'assumed',
  'table.netauth': 'assumed',
  'table.sql_query': 'assumed',
  'table.sql_table': 'assumed',

  'auth.external': 'account',
  'auth.ldap': 'account',
  'auth.netauth': 'account',
  'auth.pam': 'account',
  'auth.pass_table': 'account',
  'auth.plain_separate': 'account',
  'auth.shadow': 'account',
  dovecot_sasl: 'account',

  'check.arc': 'passes',
  'check.command': 'passes',
  'check.dkim': 'passes',
  'check.dnsbl': 'passes',
  'check.milter': 'passes',
  'check.pgp_encryption': 'passes',
  'check.rspamd': 'passes',
  'check.spf': 'passes',
  require_matching_rdns: 'passes',
  require_mx_record: 'passes',

  'tls.loader.acme': 'certificate',
  'tls.loader.autocert': 'certificate',
  'tls.loader.file': 'certificate',
  'tls.loader.self_signed': 'certificate',

  imap_filters: 'left-out',
  'imap.filter.command': 'left-out',
  mx_auth: 'left-out',
  'mx_auth.dane': 'left-out',
  'mx_auth.dnssec': 'left-out',
  'mx_auth.local_policy': 'left-out',
  'mx_auth.mtasts': 'left-out',
  'mx_auth.sts_preload': 'left-out',
  'storage.blob.fs': 'left-out',
  'storage.blob.s3': 'left-out',
  'libdns.acmedns': 'left-out',
  'libdns.alidns': 'left-out',
  'libdns.cloudflare': 'left-out',
  'libdns.digitalocean': 'left-out',
  'libdns.gandi': 'left-out',
  'libdns.gcore': 'left-out',
  'libdns.googleclouddns': 'left-out',
  'libdns.hetzner': 'left-out',
  'libdns.leaseweb': 'left-out',
  'libdns.metaname': 'left-out',
  'libdns.namecheap': 'left-out',
  'libdns.namedotcom': 'left-out',
  'libdns.rfc2136': 'left-out',
  'libdns.route53': 'left-out',
  'libdns.vultr': 'left-out',
};

/** Throws for a module that no rule is known for: better no trial than one that acts on the world. */
export function trialRuleOf(name: string): TrialRule {
  const rule = rulesByName.get(name);
  if (rule === undefined) throw new Error(`a trial does not know what to do with ${name}`);
  return rule;
}

const rulesByName: ReadonlyMap<string, TrialRule> = new Map(Object.entries(trialRules));
