import type { ConfigOf } from '../../../compiler/catalog/config-of.ts';
import type { checkSpf } from '../../../compiler/catalog/modules/check.spf.ts';
import { splitAddress } from '../../../compiler/text/address.ts';
import { isAscii } from '../../../compiler/text/ascii.ts';
import { asciiDomain } from '../../../compiler/text/domain.ts';
import type { PolicySearch } from '../../dmarc/policy-search.ts';
import { mailauthResolver } from '../../dns/mailauth-resolver.ts';
import type { Resolver } from '../../dns/resolver.ts';
import type { CheckRun, CheckVerdict, Message, MessageContext, ModuleDefinition, Reply } from '../../module.ts';
import type { Logger } from '../../observe/log.ts';
import type { MethodResult } from '../../pipeline/authentication-results.ts';
import { enforcesDmarc } from './dmarc-policy.ts';
import { applyAction } from './fail-action.ts';
import { ownReply } from './own-reply.ts';
import { evaluateSpf, type SpfEvaluation, type SpfIdentity, type SpfResult } from './spf-evaluation.ts';

type Config = ConfigOf<typeof checkSpf>;

const name = 'check.spf';
const pass: CheckVerdict = { kind: 'pass' };
const malformedAddress: Reply = { code: 550, enhanced: '5.1.7', text: 'Malformed address' };

const actions = {
  none: 'none_action',
  neutral: 'neutral_action',
  fail: 'fail_action',
  softfail: 'softfail_action',
  permerror: 'permerr_action',
  temperror: 'temperr_action',
} as const satisfies Readonly<Record<Exclude<SpfResult, 'pass'>, keyof Config>>;

/** `check.spf`: may this client send mail for the domain of MAIL FROM (RFC 7208)? */
export const spf: ModuleDefinition<Config> = {
  name,
  create(config, { resolver, policySearch, log }) {
    return { check: { start: (message) => startSpf(message, config, { resolver, policySearch, log: log.unnamed }) } };
  },
};

interface Surroundings {
  readonly resolver: Resolver;
  readonly policySearch: PolicySearch;
  readonly log: Logger;
}

function startSpf(context: MessageContext, config: Config, { resolver, policySearch, log }: Surroundings): CheckRun {
  const { client, id } = context;
  const address = client?.address ?? null;
  if (client === null || address === null) {
    log.debug(client === null ? 'locally generated message, skipping' : 'non-IP SrcAddr', { check: name, msg_id: id });
    return {};
  }
  const { helo } = client;
  let finding: Promise<Finding> | null = null;

  const sender = (from: string): Promise<CheckVerdict> | CheckVerdict => {
    const identity = identityOf(from);
    if (identity === null) return { kind: 'reject', reply: malformedAddress, reason: malformedAddress.text };
    const evaluation = evaluateSpf({ sender: identity, address, helo }, mailauthResolver(resolver));
    finding = evaluation.then((result) => ({ ...result, note: noteOf(result, { sender: identity, address, helo }) }));
    // A message that is given up waits for nobody.
    finding.catch(() => {});
    return config.enforce_early ? finding.then((found) => verdictOf(found, config)) : pass;
  };
  if (config.enforce_early) return { sender };

  const body = async (message: Message): Promise<CheckVerdict> => {
    if (finding === null) return pass;
    const found = await finding;
    const verdict = verdictOf(found, config);
    if (verdict.kind === 'pass' || !(await enforcesDmarc(message.header, policySearch))) return verdict;
    // DMARC weighs SPF together with DKIM: a forwarded message that is signed must not fail by SPF alone (RFC 9989 section 5.1).
    log.message('deferring action due to a DMARC policy', { msg_id: id, result: found.result, err: found.reason });
    return { ...verdict, kind: 'ignore' };
  };
  return { sender, body };
}

interface Finding extends SpfEvaluation {
  /** For Authentication-Results. */
  readonly note: MethodResult;
}

/** Null: no address. The domain in A-labels; a local part that cannot be part of a DNS name is left out (RFC 8616 section 4). */
function identityOf(from: string): string | null {
  if (from === '') return '';
  const parts = splitAddress(from);
  if (typeof parts === 'string' || parts.domain === '') return null;
  const domain = asciiDomain(parts.domain);
  return domain === null ? null : `${isAscii(parts.localPart) ? parts.localPart : 'postmaster'}@${domain}`;
}

function noteOf({ result, reason }: SpfEvaluation, { sender, helo }: SpfIdentity): MethodResult {
  const domain = sender.slice(sender.lastIndexOf('@') + 1);
  return { method: 'spf', value: result, reason, properties: { 'smtp.helo': helo, 'smtp.mailfrom': domain } };
}

function verdictOf({ result, reason, note }: Finding, config: Config): CheckVerdict {
  if (result === 'pass') return { ...pass, authResults: [note] };
  const reply = ownReply(name, result);
  return { ...applyAction(config[actions[result]], reply, reason === '' ? reply.text : reason), authResults: [note] };
}
