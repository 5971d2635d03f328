import { dnsblList } from '../../../compiler/catalog/blocks/dnsbl-list.ts';
import type { ConfigOf } from '../../../compiler/catalog/config-of.ts';
import type { checkDnsbl } from '../../../compiler/catalog/modules/check.dnsbl.ts';
import { splitAddress } from '../../../compiler/text/address.ts';
import type { CheckVerdict, MessageContext, ModuleContext, ModuleDefinition } from '../../module.ts';
import { DnsList, type Identities, type Listing } from './dnsbl-list.ts';
import { testList } from './dnsbl-self-test.ts';
import { ownReply, temporarily } from './own-reply.ts';

type Config = ConfigOf<typeof checkDnsbl>;

const name = 'check.dnsbl';
const pass: CheckVerdict = { kind: 'pass' };

/** `check.dnsbl`: scores of the DNS lists that the client is on, summed up (runtime-mta 13.3). */
export const dnsbl: ModuleDefinition<Config, Pick<ModuleContext, 'resolver' | 'log'>> = {
  name,
  create(config, { resolver, log }) {
    const lists = listsOf(config).map(({ zone, settings }) => new DnsList(zone, settings, resolver));
    const judge = (identities: Identities) => judgeBy(lists, config, identities);
    return {
      // In the background: mail need not wait for it.
      start: async () => {
        for (const list of lists) void testList(list, resolver, log);
      },
      check: {
        ...(config.check_early ? { early: (client) => judge(clientIdentities(client)) } : {}),
        start: ({ client }) => {
          // Mail that is made here, or comes by a unix socket, has no client whom a list could know.
          if (client === null || client.address === null) return {};
          const looksUpSender = lists.some((list) => list.config.mailfrom);
          return looksUpSender
            ? { sender: (from) => judge({ ...clientIdentities(client), domain: domainOf(from) }) }
            : { connection: () => judge(clientIdentities(client)) };
        },
      },
    };
  },
};

/** Zones in the line of `dnsbl` have the settings of a block without directives, but only know IPv4 clients. */
function listsOf({ zones = [], lists }: Config): readonly { zone: string; settings: DnsList['config'] }[] {
  const { client_ipv4, ehlo, mailfrom, score, responses } = dnsblList.directives;
  const plain: DnsList['config'] = {
    client_ipv4: client_ipv4.default,
    client_ipv6: false,
    ehlo: ehlo.default,
    mailfrom: mailfrom.default,
    score: score.default,
    responses: [responses.default],
    response: [],
  };
  return [
    ...zones.map((zone) => ({ zone, settings: plain })),
    ...lists.flatMap((settings) => settings.zones.map((zone) => ({ zone, settings }))),
  ];
}

function clientIdentities({ address, helo }: NonNullable<MessageContext['client']>): Identities {
  return { address, helo: address === null ? null : helo, domain: null };
}

function domainOf(from: string): string | null {
  const parts = splitAddress(from);
  return typeof parts === 'string' ? null : parts.domain;
}

async function judgeBy(lists: readonly DnsList[], config: Config, identities: Identities): Promise<CheckVerdict> {
  const found = await Promise.all(lists.map((list) => list.find(identities)));
  const listings: Listing[] = [];
  for (const result of found) {
    if (result === null) continue;
    if ('failure' in result) {
      return { kind: 'reject', reply: temporarily(ownReply(name, 'temperror'), 451), reason: result.failure };
    }
    listings.push(result);
  }
  const total = listings.reduce((sum, { score }) => sum + score, 0);
  const isRejected = total >= config.reject_threshold;
  if (listings.length === 0 || (!isRejected && total < config.quarantine_threshold)) return pass;
  const own = ownReply(name, 'fail');
  const messages = listings.flatMap(({ message }) => message ?? []);
  const reply = messages.length === 0 ? own : { ...own, text: messages.join('; ') };
  const fields = {
    lists: listings.map(({ zone }) => zone),
    score: total,
    explanations: listings.flatMap(({ explanation }) => (explanation === '' ? [] : [explanation])),
  };
  return { kind: isRejected ? 'reject' : 'quarantine', reply, reason: reply.text, fields };
}
