import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import type { ConnectionOptions, SecureContext } from 'node:tls';
import type { Client, ClientOptions } from 'ldapts';
import type { ConfigOf } from '../../compiler/catalog/config-of.ts';
import type { authLdap } from '../../compiler/catalog/modules/auth.ldap.ts';
import { escapeFilterValue, escapeNameValue, fillTemplate } from './names.ts';

export type LdapConfig = ConfigOf<typeof authLdap>;

/** LDAP result codes (RFC 4511 appendix A) by which a directory says that these credentials are not right. */
const refusals = new Set([32, 34, 48, 49, 50, 53]);
const sizeLimitExceeded = 4;
const mostEntries = 2;

/**
 * A directory that knows who may log in. Searches share one connection, passwords are tried on connections of their own.
 * Nothing is dialled before the first question (D26).
 */
export class Directory {
  readonly #config: LdapConfig;
  readonly #secureContext: SecureContext;
  #reader: Promise<Client> | null = null;

  constructor(config: LdapConfig, secureContext: SecureContext) {
    this.#config = config;
    this.#secureContext = secureContext;
  }

  /** Whether the password is right. Throws when the directory cannot tell. */
  async accepts(username: string, password: string): Promise<boolean> {
    // A bind without a password succeeds for everybody (RFC 4513 section 5.1.2).
    if (password === '') return false;
    const template = this.#config.dn_template;
    const name = template === undefined ? await this.find(username) : fillTemplate(template, escapeNameValue(username));
    // Who is not there is tried as well: the time of the answer must not tell.
    const isAccepted = await this.#tryPassword(name ?? this.#nobody(), password);
    return name !== null && isAccepted;
  }

  #nobody(): string {
    return `cn=${randomBytes(8).toString('hex')},${this.#config.base_dn ?? ''}`;
  }

  /** The name of the one entry that the filter finds; null when there is none, or more than one. */
  async find(username: string): Promise<string | null> {
    const { base_dn: base = '', filter = '' } = this.#config;
    const search = async () => {
      const reader = await this.#connectedReader();
      const { searchEntries } = await reader.search(base, {
        scope: 'sub',
        filter: fillTemplate(filter, escapeFilterValue(username)),
        sizeLimit: mostEntries,
        attributes: ['1.1'],
      });
      return searchEntries;
    };
    try {
      const entries = await this.#again(search);
      return entries.length === 1 ? (entries[0]?.dn ?? null) : null;
    } catch (error) {
      if (resultCode(error) === sizeLimitExceeded) return null;
      throw error;
    }
  }

  /** The kept connection may have died unseen: once more on a new one. */
  async #again<T>(action: () => Promise<T>): Promise<T> {
    const wasConnected = this.#reader !== null;
    try {
      return await action();
    } catch (error) {
      if (!wasConnected || resultCode(error) !== null) throw error;
      await this.#dropReader();
      return action();
    }
  }

  async #tryPassword(name: string, password: string): Promise<boolean> {
    try {
      const client = await this.#open((fresh) => fresh.bind(name, password));
      await client.unbind().catch(() => {});
      return true;
    } catch (error) {
      if (refusals.has(resultCode(error) ?? -1)) return false;
      throw error;
    }
  }

  async #connectedReader(): Promise<Client> {
    const kept = await this.#reader;
    if (kept?.isConnected) return kept;
    const opening = this.#open((fresh) => this.#introduceReader(fresh));
    this.#reader = opening;
    opening.catch(() => {
      if (this.#reader === opening) this.#reader = null;
    });
    return opening;
  }

  async #introduceReader(client: Client): Promise<void> {
    const { bind } = this.#config;
    if (bind.mechanism === 'plain') await client.bind(bind.dn, bind.password);
    else if (bind.mechanism === 'unauth') await client.bind(bind.dn ?? '', '');
    else if (bind.mechanism === 'external') await client.bind('EXTERNAL');
    // Anybody may read the root (RFC 4512 section 5.1): who answers is there.
    else await client.search('', { scope: 'base', attributes: ['1.1'] });
  }

  async #dropReader(): Promise<void> {
    const client = await this.#reader?.catch(() => null);
    this.#reader = null;
    await client?.unbind().catch(() => {});
  }

  close(): Promise<void> {
    return this.#dropReader();
  }

  /** A connection to the first server that can be reached; the library dials with the first operation. */
  async #open(introduce: (client: Client) => Promise<unknown>): Promise<Client> {
    const { Client } = await import('ldapts');
    const { urls = [], starttls } = this.#config;
    let failure: unknown = new Error('no urls are configured');
    for (const url of urls) {
      const client = new Client(this.#optionsOf(url));
      try {
        if (starttls) await client.startTLS(this.#tlsOf(url));
        await introduce(client);
        return client;
      } catch (error) {
        await client.unbind().catch(() => {});
        // An answer, whatever it says, is the directory's.
        if (resultCode(error) !== null) throw error;
        failure = error;
      }
    }
    throw failure;
  }

  #optionsOf(url: string): ClientOptions {
    const { connect_timeout: connectTimeout, request_timeout: timeout } = this.#config;
    const common = { connectTimeout, timeout, strictDN: false };
    const socket = /^ldapi:\/\/([^/?]*)/.exec(url)?.[1];
    if (socket === undefined)
      return { ...common, url, ...(url.startsWith('ldaps:') && { tlsOptions: this.#tlsOf(url) }) };
    const path = socket === '' ? '/var/run/slapd/ldapi' : decodeURIComponent(socket);
    return { ...common, url: 'ldap://localhost', createConnection: () => connect({ path }) };
  }

  #tlsOf(url: string): ConnectionOptions {
    const { hostname } = new URL(url);
    return { secureContext: this.#secureContext, host: hostname.replace(/^\[(.*)\]$/, '$1') };
  }
}

function resultCode(error: unknown): number | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : null;
}
