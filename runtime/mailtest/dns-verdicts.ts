import { listOf } from '../../compiler/mailtest/list-of.ts';
import type { DnsRecords, MailCase } from '../../compiler/mailtest/schema.ts';
import type { Plan, PlanModule } from '../../compiler/plan/plan.ts';
import { verdictOf, verdictWords } from '../../compiler/routing/explain/check-verdicts.ts';
import { policySearchOf } from '../dmarc/search.ts';
import { mailauthResolver } from '../dns/mailauth-resolver.ts';
import type { Resolver } from '../dns/resolver.ts';
import { parseHeader } from '../message/header.ts';
import type { CheckVerdict, MessageContext, ModuleInstance } from '../module.ts';
import { enforcesDmarc } from '../modules/check/dmarc-policy.ts';
import { dnsbl } from '../modules/check/dnsbl.ts';
import { requireMatchingRdns } from '../modules/check/require-matching-rdns.ts';
import { requireMxRecord } from '../modules/check/require-mx-record.ts';
import { evaluateSpf } from '../modules/check/spf-evaluation.ts';
import type { Logger } from '../observe/log.ts';
import { configOf } from '../plan-config.ts';
import { planModules } from '../plan-modules.ts';
import { givenResolver } from './given-resolver.ts';

type Making = (plan: PlanModule, resolver: Resolver) => ModuleInstance;

/** Made alone: nothing of the plan but these is loaded, starts, or opens a file or a socket. */
const makings: Readonly<Record<string, Making>> = {
  [dnsbl.name]: (plan, resolver) => dnsbl.create(configOf(plan), { resolver, log: silent }),
  [requireMxRecord.name]: (plan, resolver) => requireMxRecord.create(configOf(plan), { resolver }),
  [requireMatchingRdns.name]: (plan, resolver) => requireMatchingRdns.create(configOf(plan), { resolver }),
};

/**
 * What the checks that ask DNS say of a case, by the records that are given: the server's own checks are run on them. By block name
 * or full module name. Without the client's address only the checks of the sender's domain have something to say.
 */
export async function dnsVerdicts(
  plan: Plan,
  mail: MailCase,
  records: Readonly<Record<string, DnsRecords>>,
): Promise<ReadonlyMap<string, string>> {
  const resolver = givenResolver(records);
  const verdicts = new Map<string, string>();
  for (const module of planModules(plan)) {
    const word = await wordFor(plan, module, mail, resolver);
    if (word === null) continue;
    const name = module.name ?? module.module;
    if (word !== 'pass' || !verdicts.has(name)) verdicts.set(name, word);
  }
  return verdicts;
}

/** Null for a module that does not ask DNS. */
async function wordFor(plan: Plan, module: PlanModule, mail: MailCase, resolver: Resolver): Promise<string | null> {
  if (module.module === 'check.spf') return spfWord(plan, module, mail, resolver);
  const instance = makings[module.module]?.(module, resolver);
  return instance === undefined ? null : moduleWord(module.module, instance, mail);
}

/** An SPF result waits for DMARC where the author's domain has a policy (runtime-mta 13.1). */
async function spfWord({ globals }: Plan, { config }: PlanModule, mail: MailCase, resolver: Resolver): Promise<string> {
  const { ip, from, helo = usualHelo, headers = {} } = mail;
  if (ip === undefined) return 'pass';
  const { result } = await evaluateSpf({ sender: from, address: ip, helo }, mailauthResolver(resolver));
  if (result === 'pass' || config.enforce_early === true) return result;
  const author = Object.entries(headers).find(([name]) => name.toLowerCase() === 'from')?.[1] ?? from;
  const header = parseHeader(Buffer.from(`From: ${author.replaceAll(/[\r\n]+/g, ' ')}\r\n`));
  return 'fields' in header && (await enforcesDmarc(header, policySearchOf(globals, resolver))) ? 'pass' : result;
}

const usualHelo = 'client.invalid';

async function moduleWord(module: string, { check }: ModuleInstance, mail: MailCase): Promise<string> {
  const run = check?.start(contextOf(mail));
  for (const verdict of [await run?.connection?.(), await run?.sender?.(mail.from)]) {
    if (verdict !== undefined && verdict.kind !== 'pass') return wordOf(module, verdict);
  }
  return 'pass';
}

/** The word of the table that `route` explains by. */
function wordOf(module: string, verdict: Exclude<CheckVerdict, { readonly kind: 'pass' }>): string {
  if (verdict.kind === 'ignore') return 'pass';
  if (verdict.kind === 'quarantine') return 'quarantine';
  const said = verdict.reply.text;
  return verdictWords.find((word) => verdictOf(module, word)?.reply.text === said) ?? 'fail';
}

function contextOf({ ip, helo = usualHelo, from, to, auth, smtputf8 = false }: MailCase): MessageContext {
  return {
    id: '00000000',
    client: ip === undefined ? null : { address: ip, port: null, helo, reverseName: async () => null, tls: false },
    auth: auth === undefined ? null : { user: auth, password: '' },
    originalFrom: from,
    smtputf8: smtputf8 || listOf(to).some((address) => /[^\0-\x7f]/.test(address)),
    requireTls: false,
    declaredSize: null,
    quarantined: false,
    tlsNotRequired: false,
  };
}

const silent: Logger = {
  message: () => undefined,
  debug: () => undefined,
  error: () => undefined,
  raw: () => undefined,
  child: () => silent,
  get unnamed() {
    return silent;
  },
  debugEnabled: false,
};
