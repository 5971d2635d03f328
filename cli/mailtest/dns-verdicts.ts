import { listOf } from '../../compiler/mailtest/read-mail-test.ts';
import type { DnsRecords, MailCase } from '../../compiler/mailtest/schema.ts';
import type { Plan, PlanModule } from '../../compiler/plan/plan.ts';
import { verdictOf, verdictWords } from '../../compiler/routing/explain/check-verdicts.ts';
import { policySearchOf } from '../../runtime/dmarc/search.ts';
import { mailauthResolver } from '../../runtime/dns/mailauth-resolver.ts';
import type { Resolver } from '../../runtime/dns/resolver.ts';
import { Instances } from '../../runtime/instances.ts';
import { createLimits } from '../../runtime/limits/limits.ts';
import { parseHeader } from '../../runtime/message/header.ts';
import type { CheckVerdict, MessageContext } from '../../runtime/module.ts';
import { enforcesDmarc } from '../../runtime/modules/check/dmarc-policy.ts';
import { evaluateSpf } from '../../runtime/modules/check/spf-evaluation.ts';
import type { Logger } from '../../runtime/observe/log.ts';
import { Metrics } from '../../runtime/observe/metrics.ts';
import { planModules } from '../../runtime/plan-modules.ts';
import { givenResolver } from './given-resolver.ts';

const judged: ReadonlySet<string> = new Set(['check.spf', 'check.dnsbl', 'require_mx_record', 'require_matching_rdns']);

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
    if (!judged.has(module.module)) continue;
    const word =
      module.module === 'check.spf'
        ? await spfWord(plan, module, mail, resolver)
        : await moduleWord(plan, module, mail, resolver);
    const name = module.name ?? module.module;
    if (word !== 'pass' || !verdicts.has(name)) verdicts.set(name, word);
  }
  return verdicts;
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

async function moduleWord(plan: Plan, module: PlanModule, mail: MailCase, resolver: Resolver): Promise<string> {
  // Of the whole configuration only the check is made: nothing else starts, opens a file or a socket.
  const alone: Plan = { ...plan, endpoints: [], blocks: { check: module } };
  const instances = await Instances.load({
    plan: alone,
    stateDir: '/nonexistent',
    runtimeDir: '/nonexistent',
    libexecDir: '/nonexistent',
    resolver,
    metrics: new Metrics(),
    createLimits,
    keepsQueues: false,
    logFor: () => silent,
  });
  const run = instances.resolve(module).check?.start(contextOf(mail));
  for (const verdict of [await run?.connection?.(), await run?.sender?.(mail.from)]) {
    if (verdict !== undefined && verdict.kind !== 'pass') return wordOf(module.module, verdict);
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
