import { request } from 'node:https';
import type { Resolver } from '../../dns/resolver.ts';
import { reasonOf } from '../../reason-of.ts';
import { lookupBy } from '../reach.ts';

export interface DownloadOptions {
  readonly resolver: Resolver;
  /** 443 everywhere but in tests. */
  readonly port?: number;
  /** Certificates of who may vouch for the server; the usual ones when absent. */
  readonly ca?: string;
}

/** RFC 8461 section 3.3. */
const timeout = 60_000;
const longestPolicy = 64 * 1024;

/** The text of the policy that a domain publishes. Fails with the reason why there is none. */
export async function downloadPolicy(domain: string, { resolver, port = 443, ca }: DownloadOptions): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const ask = request({
    host: `mta-sts.${domain}`,
    port,
    path: '/.well-known/mta-sts.txt',
    lookup: lookupBy(resolver),
    // No redirect is followed, and no connection kept: one is needed in days.
    agent: false,
    signal: AbortSignal.timeout(timeout),
    ...(ca !== undefined && { ca }),
  });
  ask.on('error', reject);
  ask.on('response', (response) => {
    const type = response.headers['content-type'] ?? '';
    let problem: string | null = null;
    if (response.statusCode !== 200) problem = `the server answers with status ${response.statusCode}`;
    else if (!/^text\/plain *(;|$)/i.test(type)) problem = `what the server sends is ${type || 'of no type'}`;
    const chunks: Buffer[] = [];
    let length = 0;
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length > longestPolicy) response.destroy(new Error('the policy is too long'));
    });
    response.on('error', reject);
    response.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    if (problem !== null) response.destroy(new Error(problem));
  });
  ask.end();
  try {
    return await promise;
  } catch (error) {
    throw new Error(`https://mta-sts.${domain}/.well-known/mta-sts.txt: ${reasonOf(error)}`, { cause: error });
  }
}
