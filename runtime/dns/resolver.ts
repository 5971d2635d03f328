import type { Answer as PacketAnswer } from 'dns-packet';
import { isAscii } from '../../compiler/text/ascii.ts';
import { asciiDomain } from '../../compiler/text/domain.ts';
import { WorkLimit } from '../modules/auth/work-limit.ts';
import { reasonOf } from '../reason-of.ts';
import { AnswerCache } from './answer-cache.ts';
import { askByTcp, askByUdp, type ExchangeOptions } from './exchange.ts';
import { findRecords } from './found-records.ts';
import type { Hosts } from './hosts-file.ts';
import type { NameServer, ResolverSettings } from './name-servers.ts';
import { codeName, createQuery, type Response, responseCodes } from './query.ts';
import { type Answer, isPossibleName, nameKey, type RecordType, type RecordTypes, readRecord } from './records.ts';
import { reverseName } from './reverse-name.ts';
import { SystemFiles } from './system-files.ts';

/** Asks DNS. Never throws: what cannot be told is an answer of kind `failed`. */
export interface Resolver {
  /** `name` is absolute, with or without its final dot, in A- or U-labels. No search list is used. */
  lookup<Type extends RecordType>(type: Type, name: string): Promise<Answer<RecordTypes[Type]>>;
  /** Names of an IP address, without their final dot. */
  reverse(address: string): Promise<Answer<string>>;
}

export interface ResolverSource {
  settings(): Promise<ResolverSettings>;
  hosts(): Promise<Hosts>;
}

/** Of the answers that are kept; with 300 bytes each these are 3 MB. */
const mostAnswers = 10_000;
const mostQueriesAtOnce = 256;
const mostQueriesWaiting = 10_000;
/** A failure is kept so that a burst of mail does not ask a dead server once for each message (RFC 9520 section 3.2). */
const failureSeconds = 1;
const mostAliasQueries = 8;

const absent = { kind: 'no-such-name', authenticated: false } as const;

/** A stub resolver: it asks recursive servers, and keeps what they say for as long as they allow. */
export class StubResolver implements Resolver {
  readonly #source: ResolverSource;
  readonly #cache: AnswerCache<Answer<PacketAnswer>>;
  readonly #asking = new Map<string, Promise<Answer<PacketAnswer>>>();
  readonly #limit = new WorkLimit(mostQueriesAtOnce, mostQueriesWaiting);
  readonly #open = new Set<() => void>();
  #closed = false;

  /** `server`: `HOST:PORT` of the only server to ask; null: those of the system. Throws when it is no address. */
  constructor(server: string | null, source: ResolverSource = new SystemFiles(server), now?: () => number) {
    this.#source = source;
    this.#cache = new AnswerCache(mostAnswers, now);
  }

  async lookup<Type extends RecordType>(type: Type, name: string): Promise<Answer<RecordTypes[Type]>> {
    const plain = isAscii(name) ? name : asciiDomain(name);
    if (plain === null || !isPossibleName(plain)) return absent;
    const read = readRecord[type];
    const local = await this.#localAddresses(type, plain);
    const answer = local ?? (await this.#resolve(type, plain, 0));
    if (answer.kind !== 'records') return answer;
    const { authenticated } = answer;
    const [first, ...others] = answer.records.map(read).filter((record) => record !== null);
    return first === undefined
      ? { kind: 'no-data', authenticated }
      : { kind: 'records', records: [first, ...others], authenticated };
  }

  async reverse(address: string): Promise<Answer<string>> {
    const known = (await this.#source.hosts()).names.get(address);
    const [first, ...others] = known ?? [];
    if (first !== undefined) return { kind: 'records', records: [first, ...others], authenticated: false };
    const name = reverseName(address);
    return name === null ? absent : this.lookup('PTR', name);
  }

  /** Ends the queries that are under way, and asks no more. */
  close(): void {
    this.#closed = true;
    for (const end of [...this.#open]) end();
  }

  async #localAddresses(type: RecordType, name: string): Promise<Answer<PacketAnswer> | null> {
    if (type !== 'A' && type !== 'AAAA') return null;
    const { addresses } = await this.#source.hosts();
    const [first, ...others] = (addresses.get(nameKey(name)) ?? [])
      .filter((address) => address.includes(':') === (type === 'AAAA'))
      .map((data): PacketAnswer => ({ type, name, data }));
    return first === undefined ? null : { kind: 'records', records: [first, ...others], authenticated: false };
  }

  /** From the cache, by a query that is under way, or by a new one. */
  #resolve(type: RecordType, name: string, aliases: number): Promise<Answer<PacketAnswer>> {
    const key = `${type} ${nameKey(name)}`;
    const kept = this.#cache.get(key);
    if (kept !== undefined) return Promise.resolve(kept);
    const asking = this.#asking.get(key);
    if (asking !== undefined && aliases === 0) return asking;
    const fresh = this.#askAndKeep(key, type, name, aliases).finally(() => this.#asking.delete(key));
    if (aliases === 0) this.#asking.set(key, fresh);
    return fresh;
  }

  async #askAndKeep(key: string, type: RecordType, name: string, aliases: number): Promise<Answer<PacketAnswer>> {
    const asked = await this.#limit.run(() => this.#ask(type, name));
    if (asked === null) return { kind: 'failed', reason: 'too many DNS queries are waiting' };
    if ('failure' in asked) {
      const failed = { kind: 'failed', reason: `lookup ${name} (${type}): ${asked.failure}` } as const;
      this.#cache.put(key, failed, failureSeconds);
      return failed;
    }
    const { response, authenticated } = asked;
    const found = findRecords(response, type, name);
    const [first, ...others] = found.records;
    if (first === undefined && response.code === responseCodes.noError && found.name !== nameKey(name)) {
      // An alias whose target the server did not look up by itself.
      if (aliases >= mostAliasQueries) return { kind: 'failed', reason: `lookup ${name} (${type}): too many aliases` };
      const behind = await this.#resolve(type, found.name, aliases + 1);
      return behind.kind === 'failed' ? behind : { ...behind, authenticated: behind.authenticated && authenticated };
    }
    const answer: Answer<PacketAnswer> =
      first !== undefined
        ? { kind: 'records', records: [first, ...others], authenticated }
        : { kind: response.code === responseCodes.noSuchName ? 'no-such-name' : 'no-data', authenticated };
    this.#cache.put(key, answer, found.seconds);
    return answer;
  }

  async #ask(
    type: RecordType,
    name: string,
  ): Promise<{ readonly response: Response; readonly authenticated: boolean } | { readonly failure: string }> {
    const { servers, timeout, attempts } = await this.#source.settings();
    let failure = 'no server was asked';
    for (let attempt = 0; attempt < attempts; attempt++) {
      for (const server of servers) {
        if (this.#closed) return { failure: 'the resolver was closed' };
        const where = `${server.address} port ${server.port}`;
        try {
          const response = await exchange(server, type, name, { timeout, open: this.#open });
          if (response.code === responseCodes.noError || response.code === responseCodes.noSuchName) {
            return { response, authenticated: response.authentic && server.trusted };
          }
          failure = `${codeName(response.code)} from ${where}`;
        } catch (error) {
          failure = `${reasonOf(error)} (${where})`;
        }
      }
    }
    return { failure };
  }
}

/** By UDP; by TCP where the answer is too long for it; without EDNS where the server does not know that (RFC 6891 section 7). */
async function exchange(
  server: NameServer,
  type: RecordType,
  name: string,
  options: ExchangeOptions,
): Promise<Response> {
  let query = createQuery(type, name, true);
  let response = await askByUdp(server, query, options);
  if (response.code === responseCodes.formatError || response.code === responseCodes.notImplemented) {
    query = createQuery(type, name, false);
    response = await askByUdp(server, query, options);
  }
  return response.truncated ? askByTcp(server, query, options) : response;
}
