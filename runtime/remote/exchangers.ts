import type { Resolver } from '../dns/resolver.ts';
import { ReplyError } from '../module.ts';

/** A server that takes mail for a domain. */
export interface Exchanger {
  /** In A-labels, without a final dot. */
  readonly name: string;
  /** As replies and log lines name it: with the final dot of an MX record. */
  readonly shown: string;
  /** The MX record, or its absence, is proven by DNSSEC. */
  readonly authenticated: boolean;
}

/** Servers of a domain (A-labels) in the order in which they are to be tried (RFC 5321 section 5.1). Throws ReplyError. */
export async function findExchangers(
  resolver: Resolver,
  domain: string,
  chance: () => number,
): Promise<readonly Exchanger[]> {
  const answer = await resolver.lookup('MX', domain);
  switch (answer.kind) {
    case 'failed':
      throw new ReplyError(
        { code: 451, enhanced: '4.4.4', text: 'MX lookup error' },
        { reason: answer.reason, domain },
      );
    case 'no-such-name':
      throw new ReplyError(
        { code: 554, enhanced: '5.4.4', text: 'MX lookup error' },
        { reason: `lookup ${domain}: no such domain`, domain },
      );
    case 'no-data':
      return [{ name: domain, shown: domain, authenticated: answer.authenticated }];
    case 'records':
      return answer.records
        .map((record) => ({ record, lot: chance() }))
        .toSorted((a, b) => a.record.preference - b.record.preference || a.lot - b.lot)
        .map(({ record: { exchange } }) => ({
          name: exchange,
          shown: `${exchange}.`,
          authenticated: answer.authenticated,
        }));
  }
}

/** RFC 7505. */
export function isNullMx(exchanger: Exchanger): boolean {
  return exchanger.name === '';
}
