import { type Misreading, misread, type Reading, read, type Words } from './reading.ts';

export type LdapBind =
  | { readonly mechanism: 'off' | 'external' }
  | { readonly mechanism: 'unauth'; readonly dn?: string }
  | { readonly mechanism: 'plain'; readonly dn: string; readonly password: string };

/** `bind` of auth.ldap. maddy names no place in its errors here. */
export function readLdapBind(words: Words): Reading<LdapBind> {
  const [mechanism, dn, password] = words.args;
  switch (mechanism) {
    case undefined:
      return placeless(misread('too-few', 'auth.ldap: auth expects at least one argument'));
    case 'off':
    case 'external':
      return read({ mechanism });
    case 'unauth':
      return read(dn === undefined ? { mechanism } : { mechanism, dn });
    case 'plain':
      if (dn === undefined || password === undefined) {
        return placeless(misread('too-few', 'auth.ldap: username and password expected for plaintext bind'));
      }
      return read({ mechanism, dn, password });
    default:
      return placeless(misread('form', `auth.ldap: unknown bind authentication: ${mechanism}`, 0));
  }
}

function placeless(misreading: Misreading): Misreading {
  return { ...misreading, placeless: true };
}
