import type { ConfigOf } from '../../../compiler/catalog/config-of.ts';
import type { checkDkim } from '../../../compiler/catalog/modules/check.dkim.ts';
import { type SignatureResult, verifySignatures } from '../../dkim/verify.ts';
import type { CheckVerdict, ModuleDefinition } from '../../module.ts';
import type { MethodResult } from '../../pipeline/authentication-results.ts';
import { applyAction } from './fail-action.ts';
import { ownReply } from './own-reply.ts';

type Config = ConfigOf<typeof checkDkim>;

const name = 'check.dkim';
const notSigned: MethodResult = { method: 'dkim', value: 'none', reason: '', properties: {} };

/** `check.dkim`: has the message come unchanged from those who say they sent it (RFC 6376)? */
export const dkim: ModuleDefinition<Config> = {
  name,
  create(config, { resolver }) {
    const required = config.required_fields.map((field) => field.toLowerCase());
    return {
      check: {
        start: () => ({
          body: async (message) => {
            const found = await verifySignatures(message, resolver, Math.floor(Date.now() / 1000));
            return verdictOf(
              found.map((result) => withRequired(result, required)),
              config,
            );
          },
        }),
      },
    };
  },
};

/** A signature that leaves out what readers look at proves little. */
function withRequired(result: SignatureResult, required: readonly string[]): SignatureResult {
  if (result.value !== 'pass' || required.every((field) => result.fields.has(field))) return result;
  return { ...result, value: 'permerror', reason: 'some header fields are not signed' };
}

/** The cases of runtime-mta 13.2. */
function verdictOf(found: readonly SignatureResult[], config: Config): CheckVerdict {
  if (found.length === 0) {
    const reply = ownReply(name, 'none');
    return { ...applyAction(config.no_sig_action, reply, reply.text), authResults: [notSigned] };
  }
  const unknown = found.find(({ value }) => value === 'temperror');
  if (unknown !== undefined && !config.fail_open) {
    return { kind: 'reject', reply: ownReply(name, 'temperror'), reason: unknown.reason };
  }
  const authResults = found.map(
    ({ value, reason, domain, selector, identity }): MethodResult => ({
      method: 'dkim',
      value,
      reason,
      properties: { 'header.d': domain, 'header.i': identity },
      selector,
    }),
  );
  if (found.some(({ value }) => value === 'pass')) return { kind: 'pass', authResults };
  const reply = ownReply(name, 'fail');
  const reasons = found.map(({ reason, domain }) => (domain === '' ? reason : `${domain}: ${reason}`));
  return { ...applyAction(config.broken_sig_action, reply, reasons.join('; ')), authResults };
}
