import type { Resolver } from '../../dns/resolver.ts';
import type { Logger } from '../../observe/log.ts';
import type { DnsList } from './dnsbl-list.ts';

/** Every list has the one, and no list the other (RFC 5782 section 5). */
const tests = [
  {
    asks: 'client_ipv4',
    listed: '2.0.0.127',
    missing: 'List does not contain a test record for 127.0.0.2',
    free: '1.0.0.127',
    everything: 'List contains a record for 127.0.0.1',
  },
  {
    asks: 'ehlo',
    listed: 'test',
    missing: "List does not contain a test record for 'test' TLD",
    free: 'invalid',
    everything: "List contains a record for 'invalid' TLD",
  },
] as const;

/** Tells of a list that is gone, lists nobody, or lists everybody: the last would refuse all mail. Never throws. */
export async function testList({ zone, config }: DnsList, resolver: Resolver, log: Logger): Promise<void> {
  for (const { asks, listed, missing, free, everything } of tests) {
    if (!config[asks]) continue;
    const there = await resolver.lookup('A', `${listed}.${zone}`);
    if (there.kind === 'failed') {
      log.message('lookup error, bailing out', { list: zone, reason: there.reason });
      return;
    }
    if (there.kind !== 'records') log.message(missing, { list: zone });
    const gone = await resolver.lookup('A', `${free}.${zone}`);
    if (gone.kind === 'records') log.message(everything, { list: zone });
  }
}
