import { reasonOf } from '../../reason-of.ts';

const timeoutMilliseconds = 30_000;
/** Answers of these services have a few kilobytes. */
const mostBytes = 1024 * 1024;

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface ApiAnswer {
  readonly status: number;
  /** Parsed JSON; null when it is none. */
  readonly body: unknown;
}

/** One request with JSON both ways. Throws when there is no answer; the reason never holds a header. */
export async function callApi({ method, url, headers, body }: ApiRequest): Promise<ApiAnswer> {
  try {
    const response = await fetch(url, {
      method,
      headers: { ...headers, 'Content-Type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMilliseconds),
      redirect: 'error',
    });
    return { status: response.status, body: parse(await readLimited(response)) };
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    throw new Error(`${new URL(url).host}: ${reasonOf(cause)}`, { cause: error });
  }
}

async function readLimited(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw new Error('the answer is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
