import type { DnsProvider } from './dns-provider.ts';
import { type ApiRequest, callApi } from './http-api.ts';

const api = 'https://api.cloudflare.com/client/v4';
/** The shortest that the service takes, in seconds. */
const ttl = 60;

/** Cloudflare's API, version 4, with a token that may read zones and edit their DNS. */
export class Cloudflare implements DnsProvider {
  readonly settling = 10_000;
  readonly #token: string;
  readonly #base: string;

  /** `base`: another server with this API. */
  constructor(token: string, base = api) {
    this.#token = token;
    this.#base = base;
  }

  async present(name: string, value: string): Promise<void> {
    const zone = await this.#zoneOf(name);
    await this.#call('POST', `/zones/${zone}/dns_records`, { type: 'TXT', name, content: quoted(value), ttl });
  }

  async remove(name: string, value: string): Promise<void> {
    const zone = await this.#zoneOf(name);
    const query = new URLSearchParams({ type: 'TXT', name });
    for (const { id, content } of await this.#list(`/zones/${zone}/dns_records?${query}`)) {
      if (content === value || content === quoted(value)) {
        await this.#call('DELETE', `/zones/${zone}/dns_records/${id}`);
      }
    }
  }

  /** The zone with the longest name that the token may see. */
  async #zoneOf(name: string): Promise<string> {
    const labels = name.split('.');
    for (let from = 0; from < labels.length - 1; from += 1) {
      const zone = labels.slice(from).join('.');
      const [found] = await this.#list(`/zones?${new URLSearchParams({ name: zone })}`);
      if (found !== undefined) return found.id;
    }
    throw new Error(`cloudflare: the token sees no zone that ${name} is in`);
  }

  async #list(path: string): Promise<readonly { readonly id: string; readonly content: string | null }[]> {
    const result = await this.#call('GET', path);
    if (!Array.isArray(result)) return [];
    return result.flatMap((entry: unknown) => {
      if (!isRecord(entry) || typeof entry.id !== 'string') return [];
      return { id: encodeURIComponent(entry.id), content: typeof entry.content === 'string' ? entry.content : null };
    });
  }

  async #call(method: ApiRequest['method'], path: string, body?: unknown): Promise<unknown> {
    const headers = { Authorization: `Bearer ${this.#token}` };
    const { status, body: answer } = await callApi({ method, url: `${this.#base}${path}`, headers, body });
    if (isRecord(answer) && answer.success === true) return answer.result;
    throw new Error(`cloudflare answered ${status}${messagesOf(answer)}`);
  }
}

function messagesOf(answer: unknown): string {
  const errors = isRecord(answer) && Array.isArray(answer.errors) ? answer.errors : [];
  const texts = errors.flatMap((error: unknown) => (isRecord(error) ? String(error.message) : []));
  return texts.length === 0 ? '' : `: ${texts.join(', ')}`;
}

/** The service keeps TXT contents as in a zone file. */
function quoted(value: string): string {
  return `"${value}"`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
