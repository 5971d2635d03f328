import type { DNSResolver } from 'mailauth';
import { type Answer, type RecordType, type RecordTypes, readRecord } from './records.ts';
import type { Resolver } from './resolver.ts';

/** Answers the mailauth library in the shapes and with the error codes of Node's own resolver, as it expects. */
export function mailauthResolver(resolver: Resolver): DNSResolver {
  const ask = async (name: string, type: string): Promise<unknown[]> => {
    if (!isRecordType(type)) throw failure('ENOTIMP', `${type} records are not looked up`);
    switch (type) {
      case 'TXT':
        return (await recordsOf(resolver, 'TXT', name)).map((text) => [text]);
      case 'MX':
        return (await recordsOf(resolver, 'MX', name)).map(({ preference: priority, exchange }) => ({
          priority,
          exchange,
        }));
      default:
        return recordsOf(resolver, type, name);
    }
  };
  // The library's type leaves out what MX records are like; its documentation names Node's resolve(), whose they are.
  return ask as DNSResolver;
}

async function recordsOf<Type extends RecordType>(
  resolver: Resolver,
  type: Type,
  name: string,
): Promise<RecordTypes[Type][]> {
  const answer: Answer<RecordTypes[Type]> = await resolver.lookup(type, name);
  switch (answer.kind) {
    case 'records':
      return [...answer.records];
    case 'no-data':
      throw failure('ENODATA', `${name} has no ${type} record`);
    case 'no-such-name':
      throw failure('ENOTFOUND', `${name} does not exist`);
    case 'failed':
      throw failure('ESERVFAIL', answer.reason);
  }
}

function isRecordType(type: string): type is RecordType {
  return Object.hasOwn(readRecord, type);
}

function failure(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
