import { generateKeyPairSync } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Client as AcmeClient, Authorization } from 'acme-client';
import type { CertificateAndKey } from '../self-signed.ts';
import { createCertificateRequest } from './certificate-request.ts';
import type { DnsProvider } from './dns-provider.ts';
import type { CertificateStore } from './store.ts';

export interface OrderOptions {
  readonly directoryUrl: string;
  /** Empty: an account without one. */
  readonly email: string;
  /** To the terms of service. */
  readonly agreed: boolean;
  readonly store: CertificateStore;
  readonly provider: DnsProvider;
  /** Where the challenge's record goes instead of `_acme-challenge.NAME`. */
  readonly overrideDomain: string | null;
  /** Milliseconds between the record and the CA's look at it. */
  readonly settling: number;
  readonly signal: AbortSignal;
}

export interface Issued extends CertificateAndKey {
  readonly orderUrl: string;
}

/** How often, and with how many milliseconds in between, the CA is asked whether it has looked. */
const polling = { backoffAttempts: 12, backoffMin: 1_000, backoffMax: 30_000 };

/** One certificate for one name by ACME (RFC 8555) with dns-01. Throws with the reason. */
export async function orderCertificate(name: string, options: OrderOptions): Promise<Issued> {
  // The library is only loaded when a certificate is due: it is larger than the rest of the server.
  // By its default export, which a bundle has, too.
  const { default: acme } = await import('acme-client');
  const { directoryUrl, store, email } = options;
  const accountKey = await store.accountKey(email, newKey);
  const client = new acme.Client({ directoryUrl, accountKey, ...polling });
  await openAccount(client, options);
  const order = await client.createOrder({ identifiers: [{ type: 'dns', value: name }] });
  for (const authorization of await client.getAuthorizations(order)) await authorize(client, authorization, options);
  const key = newKey();
  const finished = await client.finalizeOrder(order, createCertificateRequest([name], key));
  return { cert: await client.getCertificate(finished), key, orderUrl: order.url };
}

/** The account that the key has, or a new one (RFC 8555 section 7.3). */
async function openAccount(client: AcmeClient, { email, agreed, store }: OrderOptions): Promise<void> {
  const terms = agreed ? undefined : await client.getTermsOfServiceUrl();
  if (terms !== undefined && terms !== null) {
    throw new Error(`the CA asks for consent to its terms: read ${terms}, then write "agreed" into the acme block`);
  }
  await client.createAccount({
    termsOfServiceAgreed: agreed,
    ...(email === '' ? {} : { contact: [`mailto:${email}`] }),
  });
  await store.writeAccount(email, { location: client.getAccountUrl() });
}

async function authorize(client: AcmeClient, authorization: Authorization, options: OrderOptions): Promise<void> {
  if (authorization.status === 'valid') return;
  const { value: name } = authorization.identifier;
  const challenge = authorization.challenges.find(({ type }) => type === 'dns-01');
  if (challenge === undefined) throw new Error(`the CA offers no dns-01 challenge for ${name}`);
  const { provider, overrideDomain, settling, signal } = options;
  const recordName = overrideDomain ?? `_acme-challenge.${name}`;
  const value = await client.getChallengeKeyAuthorization(challenge);
  await provider.present(recordName, value);
  try {
    await wait(settling, undefined, { signal });
    await client.completeChallenge(challenge);
    await client.waitForValidStatus(challenge);
  } finally {
    // A record that stays does no harm: the next challenge has another value.
    await provider.remove(recordName, value).catch(() => {});
  }
}

/** ECDSA P-256 in PEM, for an account or a certificate. */
function newKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}
