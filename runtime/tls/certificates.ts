import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls';
import type { Logger } from '../observe/log.ts';
import { reasonOf } from '../reason-of.ts';
import type { CertificateAndKey } from './self-signed.ts';

const reloadMilliseconds = 60_000;

interface LoadedPair {
  readonly certificate: X509Certificate;
  readonly context: SecureContext;
}

/** What a handshake is made with. */
export interface Handshake {
  readonly secureContext: SecureContext;
  /** Only with several certificates. */
  readonly SNICallback?: (name: string, answer: (error: Error | null, context?: SecureContext) => void) => void;
}

/** Certificates of one `tls` directive, as they are now. */
export interface Certificates {
  current(): Handshake;
  /** Begins to look for renewed files. */
  watch(): void;
  unwatch(): void;
}

/** Certificates that never change; none: handshakes fail, as `tls` without a loader does. */
export function fixedCertificates(pair: CertificateAndKey | null, tuning: SecureContextOptions): Certificates {
  const secureContext = createSecureContext(pair === null ? tuning : { ...tuning, ...pair });
  const handshake = { secureContext };
  return { current: () => handshake, watch() {}, unwatch() {} };
}

/** `tls.loader.file`: read at load and again when a file changes; what cannot be read leaves the old ones in use. */
export class FileCertificates implements Certificates {
  readonly #pairs: readonly (readonly [cert: string, key: string])[];
  readonly #tuning: SecureContextOptions;
  readonly #log: Logger;
  #handshake: Handshake;
  #version = '';
  #timer: NodeJS.Timeout | undefined;

  /** Throws when a pair cannot be loaded. */
  constructor(
    pairs: readonly (readonly [cert: string, key: string])[],
    directory: string,
    tuning: SecureContextOptions,
    log: Logger,
  ) {
    this.#pairs = pairs.map(([cert, key]) => [resolve(directory, cert), resolve(directory, key)]);
    this.#tuning = tuning;
    this.#log = log;
    this.#handshake = this.#load();
  }

  current(): Handshake {
    return this.#handshake;
  }

  watch(): void {
    this.#timer = setInterval(() => void this.reload(), reloadMilliseconds).unref();
  }

  unwatch(): void {
    clearInterval(this.#timer);
  }

  async reload(): Promise<void> {
    try {
      const version = await this.#filesVersion();
      if (version === this.#version) return;
      this.#handshake = this.#load();
      this.#version = version;
    } catch (error) {
      this.#log.error('reload failed', error);
    }
  }

  async #filesVersion(): Promise<string> {
    const files = await Promise.all(this.#pairs.flat().map((path) => stat(path)));
    return files.map(({ mtimeMs, size, ino }) => `${mtimeMs} ${size} ${ino}`).join(',');
  }

  #load(): Handshake {
    return handshakeOf(this.#pairs.map(([cert, key]) => loadPair(cert, key, this.#tuning)));
  }
}

/** The first certificate serves clients that ask for no name, or for one that no certificate has. */
export function handshakeOf(loaded: readonly LoadedPair[]): Handshake {
  const [first] = loaded;
  if (first === undefined) throw new Error('at least one certificate required');
  if (loaded.length === 1) return { secureContext: first.context };
  return {
    secureContext: first.context,
    SNICallback: (name, answer) => {
      answer(null, loaded.find(({ certificate }) => certificate.checkHost(name) !== undefined)?.context);
    },
  };
}

function loadPair(certPath: string, keyPath: string, tuning: SecureContextOptions): LoadedPair {
  try {
    const cert = readFileSync(certPath);
    const context = createSecureContext({ ...tuning, cert, key: readFileSync(keyPath) });
    return { certificate: new X509Certificate(cert), context };
  } catch (error) {
    const reason = reasonOf(error);
    throw new Error(`failed to load ${certPath} and ${keyPath}: ${reason}`, { cause: error });
  }
}
