import type { Dialect } from '../../grammar/dialect.ts';
import type { ModuleSpec } from './define.ts';
import { authExternal } from './modules/auth.external.ts';
import { authLdap } from './modules/auth.ldap.ts';
import { authNetauth } from './modules/auth.netauth.ts';
import { authPam } from './modules/auth.pam.ts';
import { authPassTable } from './modules/auth.pass_table.ts';
import { authPlainSeparate } from './modules/auth.plain_separate.ts';
import { authShadow } from './modules/auth.shadow.ts';
import { chatmail } from './modules/chatmail.ts';
import { checkArc } from './modules/check.arc.ts';
import { checkAuthorizeSender } from './modules/check.authorize_sender.ts';
import { checkCommand } from './modules/check.command.ts';
import { checkDkim } from './modules/check.dkim.ts';
import { checkDnsbl } from './modules/check.dnsbl.ts';
import { checkMilter } from './modules/check.milter.ts';
import { checkPgpEncryption } from './modules/check.pgp_encryption.ts';
import { checkRspamd } from './modules/check.rspamd.ts';
import { checkSpf } from './modules/check.spf.ts';
import { checks } from './modules/checks.ts';
import { dovecotSasl } from './modules/dovecot_sasl.ts';
import { dovecotSasld } from './modules/dovecot_sasld.ts';
import { dummy } from './modules/dummy.ts';
import { imapFilterCommand } from './modules/imap.filter.command.ts';
import { imap } from './modules/imap.ts';
import { imapFilters } from './modules/imap_filters.ts';
import { libdnsAcmedns } from './modules/libdns.acmedns.ts';
import { libdnsAlidns } from './modules/libdns.alidns.ts';
import { libdnsCloudflare } from './modules/libdns.cloudflare.ts';
import { libdnsDigitalocean } from './modules/libdns.digitalocean.ts';
import { libdnsGandi } from './modules/libdns.gandi.ts';
import { libdnsGcore } from './modules/libdns.gcore.ts';
import { libdnsGoogleclouddns } from './modules/libdns.googleclouddns.ts';
import { libdnsHetzner } from './modules/libdns.hetzner.ts';
import { libdnsLeaseweb } from './modules/libdns.leaseweb.ts';
import { libdnsMetaname } from './modules/libdns.metaname.ts';
import { libdnsNamecheap } from './modules/libdns.namecheap.ts';
import { libdnsNamedotcom } from './modules/libdns.namedotcom.ts';
import { libdnsRfc2136 } from './modules/libdns.rfc2136.ts';
import { libdnsRoute53 } from './modules/libdns.route53.ts';
import { libdnsVultr } from './modules/libdns.vultr.ts';
import { limits } from './modules/limits.ts';
import { lmtp } from './modules/lmtp.ts';
import { modifiers } from './modules/modifiers.ts';
import { modifyArc } from './modules/modify.arc.ts';
import { modifyDkim } from './modules/modify.dkim.ts';
import { modifyReplaceRcpt } from './modules/modify.replace_rcpt.ts';
import { modifyReplaceSender } from './modules/modify.replace_sender.ts';
import { msgpipeline } from './modules/msgpipeline.ts';
import { mxAuthDane } from './modules/mx_auth.dane.ts';
import { mxAuthDnssec } from './modules/mx_auth.dnssec.ts';
import { mxAuthLocalPolicy } from './modules/mx_auth.local_policy.ts';
import { mxAuthMtasts } from './modules/mx_auth.mtasts.ts';
import { mxAuthStsPreload } from './modules/mx_auth.sts_preload.ts';
import { mxAuth } from './modules/mx_auth.ts';
import { openmetrics } from './modules/openmetrics.ts';
import { requireMatchingRdns } from './modules/require_matching_rdns.ts';
import { requireMxRecord } from './modules/require_mx_record.ts';
import { requireTls } from './modules/require_tls.ts';
import { smtp } from './modules/smtp.ts';
import { storageBlobFs } from './modules/storage.blob.fs.ts';
import { storageBlobS3 } from './modules/storage.blob.s3.ts';
import { storageImapsql } from './modules/storage.imapsql.ts';
import { submission } from './modules/submission.ts';
import { tableChain } from './modules/table.chain.ts';
import { tableEmailLocalpart } from './modules/table.email_localpart.ts';
import { tableEmailLocalpartOptional } from './modules/table.email_localpart_optional.ts';
import { tableEmailWithDomain } from './modules/table.email_with_domain.ts';
import { tableFile } from './modules/table.file.ts';
import { tableGorm } from './modules/table.gorm.ts';
import { tableIdentity } from './modules/table.identity.ts';
import { tableLdap } from './modules/table.ldap.ts';
import { tableNetauth } from './modules/table.netauth.ts';
import { tableRegexp } from './modules/table.regexp.ts';
import { tableSqlQuery } from './modules/table.sql_query.ts';
import { tableSqlTable } from './modules/table.sql_table.ts';
import { tableStatic } from './modules/table.static.ts';
import { targetImapsql } from './modules/target.imapsql.ts';
import { targetLmtp } from './modules/target.lmtp.ts';
import { targetMaildir } from './modules/target.maildir.ts';
import { targetQueue } from './modules/target.queue.ts';
import { targetRemote } from './modules/target.remote.ts';
import { targetSmtp } from './modules/target.smtp.ts';
import { tlsLoaderAcme } from './modules/tls.loader.acme.ts';
import { tlsLoaderAutocert } from './modules/tls.loader.autocert.ts';
import { tlsLoaderFile } from './modules/tls.loader.file.ts';
import { tlsLoaderSelfSigned } from './modules/tls.loader.self_signed.ts';
import { turn } from './modules/turn.ts';

/** Every module, by the name under which it is registered. */
export const modules = {
  'auth.external': authExternal,
  'auth.ldap': authLdap,
  'auth.netauth': authNetauth,
  'auth.pam': authPam,
  'auth.pass_table': authPassTable,
  'auth.plain_separate': authPlainSeparate,
  'auth.shadow': authShadow,
  chatmail,
  'check.authorize_sender': checkAuthorizeSender,
  'check.command': checkCommand,
  'check.arc': checkArc,
  'check.dkim': checkDkim,
  'check.dnsbl': checkDnsbl,
  'check.milter': checkMilter,
  'check.pgp_encryption': checkPgpEncryption,
  'check.rspamd': checkRspamd,
  'check.spf': checkSpf,
  checks,
  dovecot_sasl: dovecotSasl,
  dovecot_sasld: dovecotSasld,
  dummy,
  imap,
  'imap.filter.command': imapFilterCommand,
  imap_filters: imapFilters,
  'libdns.acmedns': libdnsAcmedns,
  'libdns.alidns': libdnsAlidns,
  'libdns.cloudflare': libdnsCloudflare,
  'libdns.digitalocean': libdnsDigitalocean,
  'libdns.gandi': libdnsGandi,
  'libdns.gcore': libdnsGcore,
  'libdns.googleclouddns': libdnsGoogleclouddns,
  'libdns.hetzner': libdnsHetzner,
  'libdns.leaseweb': libdnsLeaseweb,
  'libdns.metaname': libdnsMetaname,
  'libdns.namecheap': libdnsNamecheap,
  'libdns.namedotcom': libdnsNamedotcom,
  'libdns.rfc2136': libdnsRfc2136,
  'libdns.route53': libdnsRoute53,
  'libdns.vultr': libdnsVultr,
  limits,
  lmtp,
  modifiers,
  'modify.arc': modifyArc,
  'modify.dkim': modifyDkim,
  'modify.replace_rcpt': modifyReplaceRcpt,
  'modify.replace_sender': modifyReplaceSender,
  msgpipeline,
  mx_auth: mxAuth,
  'mx_auth.dane': mxAuthDane,
  'mx_auth.dnssec': mxAuthDnssec,
  'mx_auth.local_policy': mxAuthLocalPolicy,
  'mx_auth.mtasts': mxAuthMtasts,
  'mx_auth.sts_preload': mxAuthStsPreload,
  openmetrics,
  require_matching_rdns: requireMatchingRdns,
  require_mx_record: requireMxRecord,
  require_tls: requireTls,
  smtp,
  'storage.blob.fs': storageBlobFs,
  'storage.blob.s3': storageBlobS3,
  'storage.imapsql': storageImapsql,
  submission,
  'table.chain': tableChain,
  'table.email_localpart': tableEmailLocalpart,
  'table.email_localpart_optional': tableEmailLocalpartOptional,
  'table.email_with_domain': tableEmailWithDomain,
  'table.file': tableFile,
  'table.gorm': tableGorm,
  'table.identity': tableIdentity,
  'table.ldap': tableLdap,
  'table.netauth': tableNetauth,
  'table.regexp': tableRegexp,
  'table.sql_query': tableSqlQuery,
  'table.sql_table': tableSqlTable,
  'table.static': tableStatic,
  'target.imapsql': targetImapsql,
  'target.lmtp': targetLmtp,
  'target.maildir': targetMaildir,
  'target.queue': targetQueue,
  'target.remote': targetRemote,
  'target.smtp': targetSmtp,
  'tls.loader.acme': tlsLoaderAcme,
  'tls.loader.autocert': tlsLoaderAutocert,
  'tls.loader.file': tlsLoaderFile,
  'tls.loader.self_signed': tlsLoaderSelfSigned,
  turn,
} as const satisfies { readonly [name: string]: ModuleSpec };

export type ModuleName = keyof typeof modules;

const byName: ReadonlyMap<string, ModuleSpec> = new Map(Object.entries(modules));

export function allModules(): Iterable<ModuleSpec> {
  return byName.values();
}

/** The module of exactly this name, in whatever dialect. */
export function findModule(name: string): ModuleSpec | undefined {
  return byName.get(name);
}

/** As maddy looks for the module that a place names: with the place's prefix first, then as written (language.md section 14). */
export function lookUpModule(name: string, namespace: string, dialect: Dialect): ModuleSpec | undefined {
  const full = name.includes('.') || namespace === '' ? undefined : byName.get(`${namespace}.${name}`);
  const found = full !== undefined && knows(full, dialect) ? full : byName.get(name);
  return found !== undefined && knows(found, dialect) ? found : undefined;
}

export function knows(entry: { readonly dialects?: readonly Dialect[] }, dialect: Dialect): boolean {
  return entry.dialects === undefined || entry.dialects.includes(dialect);
}

const byShortName: ReadonlyMap<string, readonly ModuleSpec[]> = Map.groupBy(byName.values(), shortName);

/** Modules whose name without its prefix is this one. */
export function modulesNamed(short: string): readonly ModuleSpec[] {
  return byShortName.get(short) ?? [];
}

/** The name as it is usually written where its prefix is implied: `lmtp` for `target.lmtp`. */
export function shortName(entry: ModuleSpec): string {
  return entry.name.slice(entry.name.lastIndexOf('.') + 1);
}
