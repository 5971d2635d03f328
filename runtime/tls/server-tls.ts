import type { ConfigOf } from '../../compiler/catalog/config-of.ts';
import type { smtp } from '../../compiler/catalog/modules/smtp.ts';
import { isReference, type Plan, type PlanModule, type PlanUse } from '../../compiler/plan/plan.ts';
import { textsAt } from '../../compiler/routing/plan-values.ts';
import { LoadError } from '../load-error.ts';
import type { Logger } from '../observe/log.ts';
import { reasonOf } from '../reason-of.ts';
import { type Certificates, FileCertificates, fixedCertificates } from './certificates.ts';
import { createSelfSigned } from './self-signed.ts';
import { tuningOptions } from './tuning.ts';

/** A `tls` directive: `enabled` is false for `tls off`. */
export type TlsServerConfig = NonNullable<ConfigOf<typeof smtp>['tls']>;

export interface ServerTlsOptions {
  readonly plan: Plan;
  readonly stateDir: string;
  readonly log: Logger;
}

/** Certificates of a `tls` directive; null for `tls off` and where there is none. Throws LoadError. */
export function createServerTls(config: TlsServerConfig | undefined, options: ServerTlsOptions): Certificates | null {
  if (config === undefined || !config.enabled) return null;
  const loader = config.loader === undefined ? null : loaderModule(config.loader, options.plan);
  try {
    const tuning = tuningOptions(config);
    if (loader === null) return fixedCertificates(null, tuning);
    switch (loader.module) {
      case 'tls.loader.self_signed':
        return fixedCertificates(createSelfSigned(textsAt(loader.config, 'names') ?? []), tuning);
      case 'tls.loader.file':
        return new FileCertificates(filePairs(loader), options.stateDir, tuning, options.log);
      default:
        throw new Error(`${loader.module} is no loader that maddyc runs`);
    }
  } catch (error) {
    const message = reasonOf(error);
    throw new LoadError(options.plan, [{ at: loader?.at ?? null, message }], { cause: error });
  }
}

function loaderModule(use: PlanUse, plan: Plan): PlanModule {
  const module = isReference(use) ? plan.blocks[use.use] : use;
  if (module === undefined) throw new Error(`the plan has no block ${isReference(use) ? use.use : ''}`);
  return module;
}

function filePairs({ config }: PlanModule): readonly (readonly [cert: string, key: string])[] {
  const certs = textsAt(config, 'certs') ?? [];
  const keys = textsAt(config, 'keys') ?? [];
  return certs.map((cert, at) => [cert, keys[at] ?? '']);
}
