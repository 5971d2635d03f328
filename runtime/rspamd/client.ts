import { type IncomingMessage, type RequestOptions, request as requestByHttp } from 'node:http';
import { request as requestByHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { SecureContext } from 'node:tls';
import { createGunzip } from 'node:zlib';
import { type RspamdAnswer, readReport } from './report.ts';

/** Where an rspamd worker listens. */
export type RspamdAddress =
  | { readonly kind: 'url'; readonly url: URL }
  /** maddyc only: HTTP over a unix socket. */
  | { readonly kind: 'unix'; readonly path: string };

/** Fields of the request that say where a message came from; empty ones are not sent. */
export type RequestFields = readonly (readonly [name: string, value: string])[];

/** rspamd answers in a few kilobytes: more comes from somebody else. */
const longestAnswer = 4 * 1024 * 1024;

/** Throws when `text` is no address of a server. */
export function rspamdAddress(text: string): RspamdAddress {
  if (text.startsWith('unix:')) {
    const path = text.slice('unix:'.length).replace(/^\/\/(?=\/)/, '');
    if (!path.startsWith('/')) throw new Error(`${text}: unix:// and the absolute path of a socket are expected`);
    return { kind: 'unix', path };
  }
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new Error(`${text} is no URL of an rspamd worker, such as http://127.0.0.1:11333`);
  }
  return { kind: 'url', url };
}

/** Asks an rspamd worker about messages, each over a connection of its own (https://rspamd.com/doc/developers/protocol.html). */
export class RspamdClient {
  readonly #address: RspamdAddress;
  readonly #trust: SecureContext | null;
  readonly #timeout: number;
  readonly #lookup: LookupFunction | undefined;
  readonly #open = new Set<() => void>();

  /** `trust`: for https. `timeout`: of everything, in milliseconds. `lookup`: how its name is found, if not as this system does it. */
  constructor(address: RspamdAddress, trust: SecureContext | null, timeout: number, lookup?: LookupFunction) {
    this.#address = address;
    this.#trust = trust;
    this.#timeout = timeout;
    this.#lookup = lookup;
  }

  /** Never throws for what the server does. */
  ask(fields: RequestFields, content: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<RspamdAnswer> {
    return new Promise((resolve) => {
      const secured = this.#address.kind === 'url' && this.#address.url.protocol === 'https:';
      const outgoing = (secured ? requestByHttps : requestByHttp)(this.#options(fields));
      let done = false;
      const settle = (answer: RspamdAnswer): void => {
        if (done) return;
        done = true;
        clearTimeout(timer);
        this.#open.delete(abort);
        outgoing.destroy();
        resolve(answer);
      };
      const unreachable = (reason: string): void => settle({ kind: 'unreachable', reason });
      const abort = (): void => unreachable('the server is stopping');
      const timer = setTimeout(() => unreachable(`no answer in ${this.#timeout / 1_000} s`), this.#timeout);
      this.#open.add(abort);
      outgoing.on('error', (error) => unreachable(error.message));
      outgoing.on('response', (response) => {
        const status = response.statusCode ?? 0;
        if (status < 200 || status > 299) return settle({ kind: 'refused', reason: `HTTP status ${status}` });
        readWhole(response).then(
          (text) => settle(readReport(text)),
          (error: unknown) => unreachable(error instanceof Error ? error.message : String(error)),
        );
      });
      feed(outgoing, content).catch((error: unknown) => unreachable(String(error)));
    });
  }

  /** Ends what runs. */
  close(): void {
    for (const abort of this.#open) abort();
  }

  #options(fields: RequestFields): RequestOptions & { readonly secureContext?: SecureContext } {
    const where =
      this.#address.kind === 'unix'
        ? { socketPath: this.#address.path, path: '/checkv2' }
        : {
            host: this.#address.url.hostname.replace(/^\[|\]$/g, ''),
            port: this.#address.url.port,
            path: `${this.#address.url.pathname.replace(/\/$/, '')}/checkv2${this.#address.url.search}`,
          };
    const host = this.#address.kind === 'unix' ? 'localhost' : this.#address.url.host;
    const usual = [
      ['Host', host],
      ['User-Agent', 'maddy'],
      ['Transfer-Encoding', 'chunked'],
    ] as const;
    const own = fields.filter(([, value]) => value !== '').map(([name, value]) => [name, fieldText(value)] as const);
    return {
      ...where,
      method: 'POST',
      headers: [...usual, ...own, ['Accept-Encoding', 'gzip'] as const, ['Connection', 'close'] as const].flat(),
      agent: false,
      ...(this.#lookup !== undefined && { lookup: this.#lookup }),
      ...(this.#trust !== null && { secureContext: this.#trust }),
    };
  }
}

/** Bytes of UTF-8 as HTTP carries them; what would end the field early becomes a blank. */
function fieldText(value: string): string {
  const text = Buffer.from(value).toString('latin1');
  return [...text].map((char) => (isControl(char) ? ' ' : char)).join('');
}

function isControl(char: string): boolean {
  return char < ' ' || char === '\x7f';
}

async function feed(
  outgoing: ReturnType<typeof requestByHttp>,
  content: AsyncIterable<Buffer> | Iterable<Buffer>,
): Promise<void> {
  for await (const chunk of content) {
    if (outgoing.destroyed) return;
    if (chunk.length === 0 || outgoing.write(chunk)) continue;
    await new Promise<void>((resume) => {
      outgoing.once('drain', resume);
      outgoing.once('close', resume);
    });
  }
  outgoing.end();
}

async function readWhole(response: IncomingMessage): Promise<string> {
  const plain = response.headers['content-encoding'] === 'gzip' ? response.pipe(createGunzip()) : response;
  // A connection that breaks off must end what reads behind it, too.
  response.on('error', (error) => plain.destroy(error));
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of plain) {
    length += chunk.length;
    if (length > longestAnswer) throw new Error(`an answer of more than ${longestAnswer} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
