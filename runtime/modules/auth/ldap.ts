import { createClientContext } from '../../client/client-tls.ts';
import { Directory, type LdapConfig } from '../../ldap/directory.ts';
import type { AuthVerdict, ModuleContext, ModuleDefinition, ModuleInstance } from '../../module.ts';
import { reasonOf } from '../../reason-of.ts';
import { WorkLimit } from './work-limit.ts';

const mostLogins = 16;
const mostWaiting = 1_000;

/** `auth.ldap`: a password is right when the directory takes it for the user's entry. */
export const authLdap: ModuleDefinition<LdapConfig> = { name: 'auth.ldap', create: ldapModule };

/** `table.ldap`: the name of the user's entry. */
export const tableLdap: ModuleDefinition<LdapConfig> = { name: 'table.ldap', create: ldapModule };

function ldapModule(config: LdapConfig, { stateDir }: ModuleContext): ModuleInstance {
  const directory = new Directory(config, createClientContext(config.tls_client, stateDir));
  const work = new WorkLimit(mostLogins, mostWaiting);
  return {
    auth: {
      async authenticate({ user, password }): Promise<AuthVerdict> {
        try {
          const isAccepted = await work.run(() => directory.accepts(user, password));
          if (isAccepted === null) return { kind: 'temporary', reason: 'too many logins at once' };
          return isAccepted ? { kind: 'accepted' } : { kind: 'refused', reason: 'auth.ldap: unknown credentials' };
        } catch (error) {
          return { kind: 'temporary', reason: `auth.ldap: ${reasonOf(error)}` };
        }
      },
    },
    table: {
      async lookup(key) {
        if (config.dn_template !== undefined)
          throw new Error('auth.ldap: dn_template finds nothing, use base_dn and filter');
        const name = await directory.find(key);
        return name === null ? [] : [name];
      },
    },
    stop: () => directory.close(),
  };
}
