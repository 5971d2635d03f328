import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ConfigOf } from '../../../compiler/catalog/config-of.ts';
import type { authExternal } from '../../../compiler/catalog/modules/auth.external.ts';
import type { ModuleDefinition } from '../../module.ts';
import { AuthHelper } from './helper.ts';

type Config = ConfigOf<typeof authExternal>;

/** `auth.external`: a program of the user decides. */
export const external: ModuleDefinition<Config> = {
  name: 'auth.external',
  create(config, { stateDir, libexecDir }) {
    const path = resolve(stateDir, config.helper ?? resolve(libexecDir, 'maddy-auth-helper'));
    if (!existsSync(path)) throw new Error(`${path} doesn't exist`);
    const helper = new AuthHelper(path);
    return {
      auth: {
        authenticate: async (request) => {
          const account = accountName(request.user, config);
          return account === null
            ? { kind: 'refused', reason: 'the domain of the user name is not among domains' }
            : helper.ask(account, request);
        },
      },
      stop: async () => helper.stop(),
    };
  },
};

/** What the helper knows the user by; null for somebody of another domain (runtime-core 15.3). */
function accountName(user: string, { perdomain, domains = [] }: Config): string | null {
  const [local = '', domain, ...rest] = user.split('@');
  const isListed = domain !== undefined && domains.some((each) => each.toLowerCase() === domain.toLowerCase());
  if (perdomain) return isListed && rest.length === 0 ? user : null;
  return domain === undefined || (isListed && rest.length === 0) ? local : null;
}
