import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ConfigOf } from '../../../compiler/catalog/config-of.ts';
import type { authPam } from '../../../compiler/catalog/modules/auth.pam.ts';
import type { ModuleDefinition, ModuleInstance } from '../../module.ts';
import { AuthHelper } from './helper.ts';

const helperName = 'maddy-pam-helper';

/** `auth.pam`: asks PAM, service `maddy`, by a helper program with the rights for it. */
export const pam: ModuleDefinition<ConfigOf<typeof authPam>> = {
  name: 'auth.pam',
  create({ use_helper: useHelper }, { libexecDir }) {
    if (!useHelper) {
      throw new Error('this build lacks support for direct libpam invocation, use helper binary (use_helper yes)');
    }
    return helperIn(libexecDir, helperName);
  },
};

/** The provider behind a helper of the libexec directory. Throws when it is not there. */
export function helperIn(libexecDir: string, name: string): ModuleInstance {
  const path = join(libexecDir, name);
  if (!existsSync(path)) throw new Error(`no helper binary (${name}) found in ${libexecDir}`);
  const helper = new AuthHelper(path);
  return {
    auth: { authenticate: (request) => helper.ask(request.user, request) },
    stop: async () => helper.stop(),
  };
}
