import { isIPv4, type LookupFunction } from 'node:net';
import type { Resolver } from '../dns/resolver.ts';
import { ReplyError } from '../module.ts';
import { reasonOf } from '../reason-of.ts';

/** What a further address waits for the one before it (RFC 8305 section 5). */
const headStart = 300;
const mostAddresses = 8;

export type Family = 'ipv4' | 'ipv6' | 'both';

/** Addresses of a host, families in turns, IPv6 first. Throws ReplyError when there is none. */
export async function addressesOf(resolver: Resolver, host: string, family: Family): Promise<readonly string[]> {
  const types = family === 'both' ? (['AAAA', 'A'] as const) : [family === 'ipv4' ? ('A' as const) : ('AAAA' as const)];
  const answers = await Promise.all(types.map((type) => resolver.lookup(type, host)));
  const lists = answers.map((answer) => (answer.kind === 'records' ? answer.records : []));
  const longest = Math.max(...lists.map(({ length }) => length));
  const addresses = Array.from({ length: longest }, (_, at) => lists.flatMap((list) => list[at] ?? [])).flat();
  if (addresses.length > 0) return addresses.slice(0, mostAddresses);
  const failed = answers.find((answer) => answer.kind === 'failed');
  if (failed !== undefined) {
    throw new ReplyError({ code: 450, enhanced: '4.4.4', text: 'DNS error' }, { reason: failed.reason });
  }
  throw new ReplyError({ code: 550, enhanced: '5.4.4', text: 'DNS error' }, { reason: `lookup ${host}: no such host` });
}

/** What Node's clients ask for addresses. */
export function lookupBy(resolver: Resolver): LookupFunction {
  return (host, { all }, done) => {
    addressesOf(resolver, host, 'both').then(
      (addresses) => {
        const found = addresses.map((address) => ({ address, family: isIPv4(address) ? 4 : 6 }));
        const [first] = found;
        if (all || first === undefined) done(null, found);
        else done(null, first.address, first.family);
      },
      (error) => done(error instanceof Error ? error : new Error(reasonOf(error)), ''),
    );
  };
}

/** The family that a local address can reach. */
export function familyOf(localAddress: string | undefined, forceIpv4: boolean): Family {
  if (forceIpv4) return 'ipv4';
  if (localAddress === undefined) return 'both';
  return isIPv4(localAddress) ? 'ipv4' : 'ipv6';
}

/** The first of several attempts that succeeds; each begins when the one before has failed, or takes its time. */
export function firstReached<Made>(
  addresses: readonly string[],
  attempt: (address: string) => Promise<Made>,
  discard: (late: Made) => void,
): Promise<Made> {
  return new Promise((resolve, reject) => {
    let next = 0;
    let running = 0;
    let isOver = false;
    let timer: NodeJS.Timeout | undefined;
    const begin = (): void => {
      clearTimeout(timer);
      const address = addresses[next++];
      if (address === undefined) return;
      running++;
      if (next < addresses.length) timer = setTimeout(begin, headStart);
      attempt(address).then(
        (made) => {
          if (isOver) return discard(made);
          isOver = true;
          clearTimeout(timer);
          resolve(made);
        },
        (error) => {
          running--;
          if (isOver) return;
          if (next < addresses.length) begin();
          else if (running === 0) reject(error);
        },
      );
    };
    begin();
  });
}
