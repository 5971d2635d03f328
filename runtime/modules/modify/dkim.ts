import { resolve } from 'node:path';
import type { ConfigOf } from '../../../compiler/catalog/config-of.ts';
import type { modifyDkim } from '../../../compiler/catalog/modules/modify.dkim.ts';
import { dkimKeyFile } from '../../../compiler/dns-records/dkim-key-file.ts';
import { lookupDomain } from '../../../compiler/text/domain.ts';
import { type SigningPolicy, signMessage } from '../../dkim/sign.ts';
import { SigningKeys } from '../../dkim/signing-keys.ts';
import { wireDomain } from '../../message/trace.ts';
import type { Message, ModuleDefinition } from '../../module.ts';
import type { Logger } from '../../observe/log.ts';

type Config = ConfigOf<typeof modifyDkim>;

/** `modify.dkim`: signs mail of own domains (RFC 6376). Keys that are missing are made when the server starts, never by a check. */
export const dkim: ModuleDefinition<Config> = {
  name: 'modify.dkim',
  create(config, { stateDir, log }) {
    const domains = new SigningDomains(config, stateDir, log.unnamed);
    const policy = policyOf(config);
    return {
      start: () => domains.makeMissingKeys(),
      modifier: {
        body: async (message, from) => {
          const signer = domains.signerFor(message, from);
          if (signer === null) return;
          message.header.prependRaw(await signMessage(message, signer, policy, Math.floor(Date.now() / 1000)));
        },
      },
    };
  },
};

function policyOf(config: Config): SigningPolicy {
  const all = [...config.oversign_fields, ...config.sign_fields];
  if (!all.some((name) => name.toLowerCase() === 'from')) {
    throw new Error('neither oversign_fields nor sign_fields names From, which every signature must cover');
  }
  return {
    headerForm: config.header_canon,
    bodyForm: config.body_canon,
    oversigned: config.oversign_fields,
    signed: config.sign_fields,
    lifetime: config.sig_expiry === 0 ? null : Math.floor(config.sig_expiry / 1000),
  };
}

class SigningDomains {
  readonly #config: Config;
  readonly #log: Logger;
  /** Key files by the domain in clean form; the first one signs for senders without a domain. */
  readonly #files = new Map<string, string>();
  readonly #keys: SigningKeys;
  readonly #selector: string;

  /** Throws when a key file cannot be used. */
  constructor(config: Config, stateDir: string, log: Logger) {
    this.#config = config;
    this.#log = log;
    this.#selector = config.selector ?? '';
    for (const written of config.domains ?? []) {
      const domain = lookupDomain(written);
      if (domain === null) throw new Error(`${written} is no domain`);
      this.#files.set(domain, resolve(stateDir, dkimKeyFile(config.key_path, written, this.#selector)));
    }
    this.#keys = new SigningKeys(this.#files, this.#selector, log);
  }

  makeMissingKeys(): Promise<void> {
    return this.#keys.makeMissing(this.#config.newkey_algo);
  }

  /** Who signs mail of this envelope sender (runtime-mta 15.2); null: nobody. */
  signerFor({ context }: Message, from: string) {
    const own = lookupDomain(from.slice(from.lastIndexOf('@') + 1)) ?? '';
    const hasDomain = from.includes('@');
    const domain = hasDomain ? this.#domainFor(own) : (this.#files.keys().next().value ?? null);
    const key = domain === null ? undefined : this.#keys.of(domain);
    if (domain === null || key === undefined) {
      this.#log.message('no key for domain', { check: 'modify.dkim', msg_id: context.id, domain: own });
      return null;
    }
    return {
      domain: wireDomain(domain, context.smtputf8) ?? domain,
      selector: wireDomain(this.#selector, context.smtputf8) ?? this.#selector,
      key,
    };
  }

  #domainFor(own: string): string | null {
    if (this.#files.has(own)) return own;
    const [first] = this.#files.keys();
    return this.#config.sign_subdomains && first !== undefined && own.endsWith(`.${first}`) ? first : null;
  }
}
