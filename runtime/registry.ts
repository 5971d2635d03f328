import type { PlanModule } from '../compiler/plan/plan.ts';
import type { ModuleContext, ModuleDefinition, ModuleInstance } from './module.ts';
import { configOf } from './plan-config.ts';

/** A module of the runtime, whatever its configuration looks like. */
export interface RuntimeModule {
  readonly name: string;
  create(plan: PlanModule, context: ModuleContext): ModuleInstance;
}

function runs<Config>(definition: ModuleDefinition<Config>): RuntimeModule {
  return { name: definition.name, create: (plan, context) => definition.create(configOf<Config>(plan), context) };
}

/** Modules that the runtime has, by registered name. Their code is loaded when a plan names them. */
const modules: Readonly<Record<string, () => Promise<RuntimeModule>>> = {
  dummy: async () => runs((await import('./modules/dummy.ts')).dummy),
  limits: async () => runs((await import('./modules/limits.ts')).limits),

  'table.static': async () => runs((await import('./modules/table/static.ts')).staticTable),
  'table.file': async () => runs((await import('./modules/table/file.ts')).file),
  'table.regexp': async () => runs((await import('./modules/table/regexp.ts')).regexp),
  'table.identity': async () => runs((await import('./modules/table/identity.ts')).identity),
  'table.email_localpart': async () => runs((await import('./modules/table/email.ts')).emailLocalpart),
  'table.email_localpart_optional': async () => runs((await import('./modules/table/email.ts')).emailLocalpartOptional),
  'table.email_with_domain': async () => runs((await import('./modules/table/email.ts')).emailWithDomain),
  'table.chain': async () => runs((await import('./modules/table/chain.ts')).chain),

  'table.ldap': async () => runs((await import('./modules/auth/ldap.ts')).tableLdap),
  'table.sql_query': async () => runs((await import('./modules/table/sql.ts')).sqlQuery),
  'table.sql_table': async () => runs((await import('./modules/table/sql.ts')).sqlTable),

  'modify.replace_sender': async () => runs((await import('./modules/modify/replace.ts')).replaceSender),
  'modify.replace_rcpt': async () => runs((await import('./modules/modify/replace.ts')).replaceRcpt),
  'modify.arc': async () => runs((await import('./modules/modify/arc.ts')).arc),
  'modify.dkim': async () => runs((await import('./modules/modify/dkim.ts')).dkim),

  'check.authorize_sender': async () => runs((await import('./modules/check/authorize-sender.ts')).authorizeSender),

  'check.spf': async () => runs((await import('./modules/check/spf.ts')).spf),
  'check.arc': async () => runs((await import('./modules/check/arc.ts')).arc),
  'check.dkim': async () => runs((await import('./modules/check/dkim.ts')).dkim),
  'check.dnsbl': async () => runs((await import('./modules/check/dnsbl.ts')).dnsbl),
  'check.milter': async () => runs((await import('./modules/check/milter.ts')).milter),
  'check.rspamd': async () => runs((await import('./modules/check/rspamd.ts')).rspamd),
  'check.command': async () => runs((await import('./modules/check/command.ts')).command),
  require_tls: async () => runs((await import('./modules/check/require-tls.ts')).requireTls),
  require_mx_record: async () => runs((await import('./modules/check/require-mx-record.ts')).requireMxRecord),
  require_matching_rdns: async () =>
    runs((await import('./modules/check/require-matching-rdns.ts')).requireMatchingRdns),

  'auth.pass_table': async () => runs((await import('./modules/auth/pass-table.ts')).passTable),
  dovecot_sasl: async () => runs((await import('./modules/auth/dovecot-sasl.ts')).dovecotSaslAuth),
  'auth.external': async () => runs((await import('./modules/auth/external.ts')).external),
  'auth.pam': async () => runs((await import('./modules/auth/pam.ts')).pam),
  'auth.shadow': async () => runs((await import('./modules/auth/shadow.ts')).shadow),
  'auth.ldap': async () => runs((await import('./modules/auth/ldap.ts')).authLdap),
  'auth.plain_separate': async () => runs((await import('./modules/auth/plain-separate.ts')).plainSeparate),

  msgpipeline: async () => runs((await import('./modules/target/msgpipeline.ts')).msgpipeline),
  'target.lmtp': async () => runs((await import('./modules/target/lmtp.ts')).lmtpTarget),
  'target.smtp': async () => runs((await import('./modules/target/smtp.ts')).smtpTarget),
  'target.remote': async () => runs((await import('./modules/target/remote.ts')).remote),
  mx_auth: async () => runs((await import('./modules/mx-auth/group.ts')).mxAuth),
  'mx_auth.mtasts': async () => runs((await import('./modules/mx-auth/mtasts.ts')).mtasts),
  'mx_auth.sts_preload': async () => runs((await import('./modules/mx-auth/policies.ts')).stsPreload),
  'mx_auth.dane': async () => runs((await import('./modules/mx-auth/policies.ts')).danePolicy),
  'mx_auth.dnssec': async () => runs((await import('./modules/mx-auth/policies.ts')).dnssecPolicy),
  'mx_auth.local_policy': async () => runs((await import('./modules/mx-auth/policies.ts')).operatorPolicy),
  'target.queue': async () => runs((await import('./modules/target/queue.ts')).queue),
  'target.maildir': async () => runs((await import('./modules/target/maildir.ts')).maildir),
};

/** Known to other parts: the router takes groups apart, the server opens endpoints, `tls` loads certificates. */
const withoutInstance = new Set([
  'checks',
  'modifiers',
  'smtp',
  'submission',
  'lmtp',
  'openmetrics',
  'dovecot_sasld',
  'tls.loader.file',
  'tls.loader.self_signed',
  'tls.loader.acme',
  'libdns.acmedns',
  'libdns.cloudflare',
  'libdns.rfc2136',
]);

export function runsModule(name: string): boolean {
  return Object.hasOwn(modules, name) || withoutInstance.has(name);
}

/** Names of all modules that can run. */
export function runtimeModuleNames(): readonly string[] {
  return [...Object.keys(modules), ...withoutInstance];
}

/** Null for a module that has nothing to create. */
export async function loadModule(name: string): Promise<RuntimeModule | null> {
  return (await modules[name]?.()) ?? null;
}

const byDovecot = 'mailboxes are Dovecot’s work: deliver to it with target.lmtp, as docs/dovecot.md shows';
const notInMaddy = 'it is not in maddy 0.9.4';

const noNetauthClient =
  'NetAuth has no maintained client for Node; auth.external with a helper that calls the netauth command does the same';

/** What to do instead, for modules that will not run here (R16). */
const waysOn: readonly (readonly [names: RegExp, way: string])[] = [
  [/^(imap|storage\.imapsql|target\.imapsql|imap_filters|imap\.filter\..*|storage\.blob\..*)$/, byDovecot],
  [/^(auth|table)\.netauth$/, noNetauthClient],
  [/^(check\.pgp_encryption|table\.gorm|chatmail|turn|tls\.loader\.autocert)$/, notInMaddy],
];

/** For a module that `runsModule` denies. */
export function explainMissing(name: string): string {
  const way = waysOn.find(([names]) => names.test(name))?.[1];
  return `maddyc does not run ${name}${way === undefined ? ' yet' : `: ${way}`}`;
}
