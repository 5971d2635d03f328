import { defineModule } from '../define.ts';
import { authLdap } from './auth.ldap.ts';

export const tableLdap = defineModule({
  ...authLdap,
  name: 'table.ldap',
  kind: 'table',
  reportedName: 'auth.ldap',
  example: `table.ldap ldap_users {
    urls ldap://127.0.0.1
    dn_template "uid={username},ou=people,dc=example,dc=org"
}`,
});
