import { resolve } from 'node:path';
import type { ConfigOf } from '../../../compiler/catalog/config-of.ts';
import type { mxAuthMtasts } from '../../../compiler/catalog/modules/mx_auth.mtasts.ts';
import type { ModuleDefinition } from '../../module.ts';
import { downloadPolicy } from '../../remote/mta-sts/download.ts';
import { MtaSts } from '../../remote/mta-sts/mta-sts.ts';
import { StsPolicies } from '../../remote/mta-sts/policies.ts';
import { DirectoryCache, MemoryCache } from '../../remote/mta-sts/policy-cache.ts';

const refreshEvery = 12 * 3_600_000;

/** `mx_auth.mtasts` */
export const mtasts: ModuleDefinition<ConfigOf<typeof mxAuthMtasts>> = {
  name: 'mx_auth.mtasts',
  create(config, { stateDir, resolver, log, keepsQueues, metrics }) {
    const policies = new StsPolicies({
      resolver,
      cache: config.cache === 'ram' ? new MemoryCache() : new DirectoryCache(resolve(stateDir, config.fs_dir)),
      download: (domain) => downloadPolicy(domain, { resolver }),
      log,
      onFailure: (result) => metrics.count('maddyc_remote_tls_results', { policy: 'sts', result }),
      now: Date.now,
    });
    let timer: NodeJS.Timeout | undefined;
    return {
      mxPolicies: [new MtaSts(policies, log)],
      async start() {
        // One of several processes is enough where they share the files.
        if (config.cache === 'fs' && !keepsQueues) return;
        const refresh = (): void => {
          policies.refresh().catch((error) => log.error('cannot refresh MTA-STS policies', error));
        };
        refresh();
        timer = setInterval(refresh, refreshEvery).unref();
      },
      async stop() {
        clearInterval(timer);
      },
    };
  },
};
