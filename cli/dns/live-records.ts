import { Resolver } from 'node:dns/promises';
import type { FoundRecords } from '../../compiler/dns-records/compare.ts';
import type { RecordType } from '../../compiler/dns-records/records.ts';

/** A dead name server must not keep anybody waiting. */
const patience = { timeout: 3000, tries: 2 } as const;

export type LookUp = (type: RecordType, name: string) => Promise<FoundRecords>;

/** Asks the name servers of this machine, or one `HOST:PORT`. */
export function liveRecords(server: string | null): LookUp {
  const resolver = new Resolver(patience);
  if (server !== null) resolver.setServers([server]);
  return async (type, name) => {
    try {
      return await ask(resolver, type, name);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : null;
      return code === 'ENOTFOUND' || code === 'ENODATA' ? [] : null;
    }
  };
}

async function ask(resolver: Resolver, type: RecordType, name: string): Promise<FoundRecords> {
  switch (type) {
    case 'A':
      return (await resolver.resolve4(name)).map((address) => [address]);
    case 'AAAA':
      return (await resolver.resolve6(name)).map((address) => [address]);
    case 'CNAME':
      return (await resolver.resolveCname(name)).map((target) => [withoutDot(target)]);
    case 'PTR':
      return (await resolver.resolvePtr(name)).map((target) => [withoutDot(target)]);
    case 'TXT':
      return (await resolver.resolveTxt(name)).map((strings) => [strings.join('')]);
    case 'MX':
      return (await resolver.resolveMx(name)).map(({ priority, exchange }) => [String(priority), withoutDot(exchange)]);
    case 'SRV':
      return (await resolver.resolveSrv(name)).map(({ priority, weight, port, name: target }) => [
        ...[priority, weight, port].map(String),
        withoutDot(target),
      ]);
    case 'TLSA':
      return (await resolver.resolveTlsa(name)).map(({ certUsage, selector, match, data }) => [
        ...[certUsage, selector, match].map(String),
        Buffer.from(data).toString('hex'),
      ]);
  }
}

const withoutDot = (name: string): string => name.replace(/\.$/, '').toLowerCase();
