import type { ConfigOf } from '../../../compiler/catalog/config-of.ts';
import type { requireMatchingRdns as catalogEntry } from '../../../compiler/catalog/modules/require_matching_rdns.ts';
import { lookupDomain } from '../../../compiler/text/domain.ts';
import type { Resolver } from '../../dns/resolver.ts';
import type { CheckVerdict, ModuleContext, ModuleDefinition, Reply } from '../../module.ts';
import { applyAction, type FailAction } from './fail-action.ts';
import { ownReply, temporarily } from './own-reply.ts';

const name = 'require_matching_rdns';
const pass: CheckVerdict = { kind: 'pass' };
const lookupFailed: Reply = { code: 550, enhanced: '5.7.25', text: 'DNS error during policy check' };

/** `require_matching_rdns`: the client's address has to lead back to the name that it gives (RFC 1912 section 2.1). */
export const requireMatchingRdns: ModuleDefinition<ConfigOf<typeof catalogEntry>, Pick<ModuleContext, 'resolver'>> = {
  name,
  create({ fail_action }, { resolver }) {
    return {
      check: {
        start: ({ client }) => {
          const address = client?.address ?? null;
          if (client === null || address === null) return {};
          return { connection: () => judge(address, client.helo, resolver, fail_action) };
        },
      },
    };
  },
};

async function judge(address: string, helo: string, resolver: Resolver, action: FailAction): Promise<CheckVerdict> {
  const found = (reply: Reply, reason = reply.text): CheckVerdict => applyAction(action, reply, reason);
  const answer = await resolver.reverse(address);
  if (answer.kind === 'failed') return found(temporarily(lookupFailed, 450), answer.reason);
  if (answer.kind !== 'records') return found(ownReply(name, 'none'));
  return comparable(answer.records[0]) === comparable(helo)
    ? pass
    : found(ownReply(name, 'fail'), `the address belongs to ${answer.records[0]}, the client says ${helo}`);
}

function comparable(host: string): string {
  const bare = host.replace(/\.$/, '');
  return lookupDomain(bare) ?? bare.toLowerCase();
}
