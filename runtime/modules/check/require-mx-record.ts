import type { ConfigOf } from '../../../compiler/catalog/config-of.ts';
import type { requireMxRecord as catalogEntry } from '../../../compiler/catalog/modules/require_mx_record.ts';
import { isBarePostmaster, splitAddress } from '../../../compiler/text/address.ts';
import type { Resolver } from '../../dns/resolver.ts';
import type { CheckVerdict, ModuleContext, ModuleDefinition, Reply } from '../../module.ts';
import { applyAction, type FailAction } from './fail-action.ts';
import { ownReply, temporarily } from './own-reply.ts';

const name = 'require_mx_record';
const pass: CheckVerdict = { kind: 'pass' };

const malformed: Reply = { code: 501, enhanced: '5.1.8', text: 'Malformed sender address' };
const noDomain: Reply = { code: 501, enhanced: '5.1.8', text: 'No domain part in address' };

/** `require_mx_record`: mail for the sender's domain has to be wanted somewhere (RFC 7505). Bounces have no domain. */
export const requireMxRecord: ModuleDefinition<ConfigOf<typeof catalogEntry>, Pick<ModuleContext, 'resolver'>> = {
  name,
  create({ fail_action }, { resolver }) {
    return { check: { start: () => ({ sender: (from) => judge(from, resolver, fail_action) }) } };
  },
};

async function judge(from: string, resolver: Resolver, action: FailAction): Promise<CheckVerdict> {
  const found = (reply: Reply, reason = reply.text): CheckVerdict => applyAction(action, reply, reason);
  if (from === '') return pass;
  if (isBarePostmaster(from)) return found(noDomain);
  const address = splitAddress(from);
  if (typeof address === 'string') return found(malformed, address);
  const answer = await resolver.lookup('MX', address.domain);
  const lookupFailed = ownReply(name, 'fail');
  switch (answer.kind) {
    case 'failed':
      return found(temporarily(lookupFailed, 450), answer.reason);
    case 'no-such-name':
    case 'no-data':
      return found(lookupFailed, 'no such host');
    case 'records':
      return answer.records.some(({ exchange }) => exchange === '') ? found(ownReply(name, 'null_mx')) : pass;
  }
}
