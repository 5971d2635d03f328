import { X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls';
import type { Logger } from '../../observe/log.ts';
import { type Certificates, type Handshake, handshakeOf } from '../certificates.ts';
import type { DnsProvider } from './dns-provider.ts';
import { withLockFile } from './lock-file.ts';
import { orderCertificate } from './order.ts';
import { CertificateStore } from './store.ts';

export interface AcmeSettings {
  /** The first one serves clients that ask for no name. In A-labels. */
  readonly names: readonly string[];
  /** Absolute. */
  readonly storePath: string;
  readonly directoryUrl: string;
  /** Of the CA for another try after a failure, so that mistakes do not use up what the real one allows; null: none. */
  readonly trialDirectoryUrl: string | null;
  readonly email: string;
  readonly agreed: boolean;
  readonly overrideDomain: string | null;
}

interface Held {
  readonly certificate: X509Certificate;
  readonly context: SecureContext;
  readonly version: string;
}

/** State of one name after orders that failed. */
interface Failures {
  readonly count: number;
  readonly nextAttempt: number;
}

const lookMilliseconds = 60_000;
/** Renewed when less than this part of its life is left, as CertMagic does. */
const renewalPart = 1 / 3;
const firstRetryMilliseconds = 60_000;
/** Five failed validations an hour are all that Let's Encrypt takes for a name. */
const longestRetryMilliseconds = 6 * 3_600_000;
const longestSettlingMilliseconds = 300_000;

/** `tls.loader.acme`: certificates that are ordered and renewed in the background. Until the first one is there, handshakes fail. */
export class AcmeCertificates implements Certificates {
  readonly #settings: AcmeSettings;
  readonly #provider: DnsProvider;
  readonly #tuning: SecureContextOptions;
  readonly #log: Logger;
  readonly #store: CertificateStore;
  readonly #held = new Map<string, Held>();
  readonly #failures = new Map<string, Failures>();
  #handshake: Handshake;
  #ending = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | null = null;

  constructor(settings: AcmeSettings, provider: DnsProvider, tuning: SecureContextOptions, log: Logger) {
    this.#settings = settings;
    this.#provider = provider;
    this.#tuning = tuning;
    this.#log = log;
    this.#store = new CertificateStore(settings.storePath, settings.directoryUrl);
    this.#handshake = { secureContext: createSecureContext(tuning) };
  }

  current(): Handshake {
    return this.#handshake;
  }

  watch(): void {
    this.#ending = new AbortController();
    void this.look();
    this.#timer = setInterval(() => void this.look(), lookMilliseconds).unref();
  }

  unwatch(): void {
    clearInterval(this.#timer);
    this.#ending.abort();
  }

  /** Takes what the store has, and orders what is missing or due. Never throws. */
  look(): Promise<void> {
    this.#looking ??= this.#lookAtAll().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  async #lookAtAll(): Promise<void> {
    for (const name of this.#settings.names) {
      if (this.#ending.signal.aborted) return;
      try {
        await this.#load(name);
        if (this.#isDue(name)) await this.#renew(name);
      } catch (error) {
        this.#log.error('certificate not loaded', error, { name });
      }
    }
  }

  async #load(name: string): Promise<void> {
    const version = await this.#store.version(name);
    if (version === '' || version === this.#held.get(name)?.version) return;
    const pair = await this.#store.read(name);
    if (pair === null) return;
    const context = createSecureContext({ ...this.#tuning, ...pair });
    this.#held.set(name, { certificate: new X509Certificate(pair.cert), context, version });
    this.#handshake = handshakeOf(this.#settings.names.flatMap((one) => this.#held.get(one) ?? []));
  }

  #isDue(name: string): boolean {
    if ((this.#failures.get(name)?.nextAttempt ?? 0) > Date.now()) return false;
    const certificate = this.#held.get(name)?.certificate;
    if (certificate === undefined) return true;
    const from = Date.parse(certificate.validFrom);
    const to = Date.parse(certificate.validTo);
    return to - Date.now() < (to - from) * renewalPart;
  }

  async #renew(name: string): Promise<void> {
    await withLockFile(this.#store.lockPath(name), async () => {
      // Somebody else may have had the lock, and a new certificate, a moment ago.
      await this.#load(name);
      if (!this.#isDue(name)) return;
      const { count } = this.#failures.get(name) ?? { count: 0 };
      try {
        await this.#order(name, count);
        this.#failures.delete(name);
      } catch (error) {
        if (this.#ending.signal.aborted) return;
        const pause = Math.min(firstRetryMilliseconds * 2 ** count, longestRetryMilliseconds);
        this.#failures.set(name, { count: count + 1, nextAttempt: Date.now() + pause });
        this.#log.error('certificate not obtained', error, { name, next_attempt_seconds: Math.round(pause / 1_000) });
      }
    });
  }

  async #order(name: string, failures: number): Promise<void> {
    const { directoryUrl, trialDirectoryUrl, storePath } = this.#settings;
    const settling = Math.min(this.#provider.settling * 2 ** failures, longestSettlingMilliseconds);
    const options = { ...this.#settings, provider: this.#provider, settling, signal: this.#ending.signal };
    if (failures > 0 && trialDirectoryUrl !== null) {
      const store = new CertificateStore(storePath, trialDirectoryUrl);
      await orderCertificate(name, { ...options, store, directoryUrl: trialDirectoryUrl });
    }
    const { orderUrl, ...pair } = await orderCertificate(name, { ...options, store: this.#store, directoryUrl });
    await this.#store.write(name, pair, orderUrl);
    await this.#load(name);
    this.#log.message('certificate obtained', { name, not_after: this.#held.get(name)?.certificate.validTo });
  }
}
