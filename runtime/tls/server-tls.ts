import { resolve } from 'node:path';
import type { SecureContextOptions } from 'node:tls';
import type { ConfigOf } from '../../compiler/catalog/config-of.ts';
import type { smtp } from '../../compiler/catalog/modules/smtp.ts';
import type { tlsLoaderAcme } from '../../compiler/catalog/modules/tls.loader.acme.ts';
import { isReference, type Plan, type PlanModule, type PlanUse } from '../../compiler/plan/plan.ts';
import { textsAt } from '../../compiler/routing/plan-values.ts';
import { asciiDomain } from '../../compiler/text/domain.ts';
import { LoadError } from '../load-error.ts';
import type { Logger } from '../observe/log.ts';
import { configOf } from '../plan-config.ts';
import { reasonOf } from '../reason-of.ts';
import { AcmeCertificates } from './acme/acme-certificates.ts';
import { createDnsProvider } from './acme/dns-provider.ts';
import { type Certificates, FileCertificates, fixedCertificates } from './certificates.ts';
import { createSelfSigned } from './self-signed.ts';
import { tuningOptions } from './tuning.ts';

/** A `tls` directive: `enabled` is false for `tls off`. */
export type TlsServerConfig = NonNullable<ConfigOf<typeof smtp>['tls']>;

/** Directories (RFC 8555 section 7.1.1) that stand behind `ca` and `test_ca` where they are not set. */
const letsEncrypt = {
  production: 'https://acme-v02.api.letsencrypt.org/directory',
  staging: 'https://acme-staging-v02.api.letsencrypt.org/directory',
};

export interface ServerTlsOptions {
  readonly plan: Plan;
  readonly stateDir: string;
  readonly log: Logger;
}

/** Certificates of a `tls` directive; null for `tls off` and where there is none. Throws LoadError. */
export function createServerTls(config: TlsServerConfig | undefined, options: ServerTlsOptions): Certificates | null {
  if (config === undefined || !config.enabled) return null;
  const loader = config.loader === undefined ? null : moduleOf(config.loader, options.plan);
  try {
    const tuning = tuningOptions(config);
    if (loader === null) return fixedCertificates(null, tuning);
    switch (loader.module) {
      case 'tls.loader.self_signed':
        return fixedCertificates(createSelfSigned(textsAt(loader.config, 'names') ?? []), tuning);
      case 'tls.loader.file':
        return new FileCertificates(filePairs(loader), options.stateDir, tuning, options.log);
      case 'tls.loader.acme':
        return createAcme(loader, tuning, options);
      default:
        throw new Error(`${loader.module} is no loader that maddyc runs`);
    }
  } catch (error) {
    const message = reasonOf(error);
    throw new LoadError(options.plan, [{ at: loader?.at ?? null, message }], { cause: error });
  }
}

/** A block of its own and the global hostname are both in the plan's configuration by now. */
function createAcme(loader: PlanModule, tuning: SecureContextOptions, options: ServerTlsOptions): Certificates {
  const { plan, stateDir, log } = options;
  const config = configOf<ConfigOf<typeof tlsLoaderAcme>>(loader);
  if (config.dns === undefined) throw new Error('no DNS provider for the dns-01 challenge');
  const names = [config.hostname, ...(config.extra_names ?? [])].map((name) => asciiDomain(name) ?? name);
  const production = config.ca === undefined;
  return new AcmeCertificates(
    {
      names: [...new Set(names)],
      storePath: resolve(stateDir, config.store_path ?? 'acme'),
      directoryUrl: config.ca ?? letsEncrypt.production,
      trialDirectoryUrl: config.test_ca ?? (production ? letsEncrypt.staging : null),
      email: config.email ?? '',
      agreed: config.agreed,
      overrideDomain: config.override_domain ?? null,
    },
    createDnsProvider(moduleOf(config.dns, plan)),
    tuning,
    log,
  );
}

function moduleOf(use: PlanUse, plan: Plan): PlanModule {
  const module = isReference(use) ? plan.blocks[use.use] : use;
  if (module === undefined) throw new Error(`the plan has no block ${isReference(use) ? use.use : ''}`);
  return module;
}

function filePairs({ config }: PlanModule): readonly (readonly [cert: string, key: string])[] {
  const certs = textsAt(config, 'certs') ?? [];
  const keys = textsAt(config, 'keys') ?? [];
  return certs.map((cert, at) => [cert, keys[at] ?? '']);
}
