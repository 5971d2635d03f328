import { createPrivateKey, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CertificateAndKey } from '../self-signed.ts';

/**
 * Certificates and account keys on disk, where the CertMagic library of maddy keeps them too: whoever comes from maddy
 * goes on with the certificates that are there, and can go back.
 */
export class CertificateStore {
  readonly #directory: string;
  readonly #ca: string;

  /** `directoryUrl`: of the CA; each has its own part of the store. */
  constructor(directory: string, directoryUrl: string) {
    this.#directory = directory;
    const { host, pathname } = new URL(directoryUrl);
    this.#ca = safeName(`${host}${pathname}`.replace(/\/+$/, '').replaceAll('/', '-'));
  }

  /** Null when the store has none for the name. Throws when what is there cannot be read. */
  async read(name: string): Promise<CertificateAndKey | null> {
    const cert = await readOptional(this.#certificate(name, 'crt'));
    const key = await readOptional(this.#certificate(name, 'key'));
    return cert === null || key === null ? null : { cert, key };
  }

  /** Changes whenever a new certificate is stored; empty when there is none. */
  async version(name: string): Promise<string> {
    try {
      const { mtimeMs, size, ino } = await stat(this.#certificate(name, 'crt'));
      return `${mtimeMs} ${size} ${ino}`;
    } catch {
      return '';
    }
  }

  /** The certificate is the last of the files that appears: who sees a new one finds its key. */
  async write(name: string, { cert, key }: CertificateAndKey, orderUrl: string): Promise<void> {
    const about = { sans: [name], issuer_data: { url: orderUrl } };
    await replaceFile(this.#certificate(name, 'json'), `${JSON.stringify(about, null, '\t')}\n`);
    await replaceFile(this.#certificate(name, 'key'), key);
    await replaceFile(this.#certificate(name, 'crt'), cert);
  }

  /** The key of the account, made by `create` where there is none. */
  async accountKey(email: string, create: () => string): Promise<string> {
    const path = this.#account(email, 'key');
    const kept = await readOptional(path);
    // A key that cannot be used would fail at each order with a message about signatures.
    if (kept !== null) return createPrivateKey(kept).export({ type: 'pkcs8', format: 'pem' }).toString();
    const key = create();
    await replaceFile(path, key);
    return key;
  }

  async writeAccount(email: string, account: { readonly location: string }): Promise<void> {
    const contact = email === '' ? [] : [`mailto:${email}`];
    const about = { status: 'valid', contact, termsOfServiceAgreed: true, ...account };
    await replaceFile(this.#account(email, 'json'), `${JSON.stringify(about, null, '\t')}\n`);
  }

  lockPath(name: string): string {
    return join(this.#directory, 'locks', `issue_cert_${safeName(name)}.lock`);
  }

  #certificate(name: string, extension: string): string {
    const safe = safeName(name);
    return join(this.#directory, 'certificates', this.#ca, safe, `${safe}.${extension}`);
  }

  #account(email: string, extension: string): string {
    const user = email.split('@')[0] ?? '';
    const file = `${safeName(user || 'default')}.${extension}`;
    return join(this.#directory, 'acme', this.#ca, 'users', safeName(email || 'default'), file);
  }
}

/** No separators, and nothing that means another directory. */
function safeName(text: string): string {
  return text
    .toLowerCase()
    .replaceAll('*', 'wildcard_')
    .replaceAll(':', '-')
    .replaceAll('..', '')
    .replace(/[^a-z0-9_@.+-]/g, '');
}

async function readOptional(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

async function replaceFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomUUID()}`;
  try {
    await writeFile(temporary, text, { mode: 0o600, flush: true });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
