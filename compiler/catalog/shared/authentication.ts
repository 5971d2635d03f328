import { defineDirectives } from '../define.ts';
import { normalizations } from './normalizations.ts';

export const authentication = defineDirectives({
  auth: {
    type: 'module_ref',
    expects: 'plain_auth',
    mismatch: 'auth: specified module does not provide any SASL mechanism',
    repeatable: 'list',
    doc: 'Adds a credentials provider consulted for SASL PLAIN/LOGIN. May be repeated: providers are tried in file order and the first that accepts wins.',
    snippet: 'auth ${1:&local_authdb}',
  },
  sasl_login: { type: 'bool', default: false, doc: 'Also advertise the legacy SASL LOGIN mechanism next to PLAIN.' },
  auth_map_normalize: {
    type: 'enum',
    values: normalizations,
    inheritsGlobal: true,
    default: 'auto',
    doc: 'Normalisation applied to the SASL user name before auth_map is consulted.',
  },
  auth_map: {
    type: 'module_ref',
    expects: 'table',
    inheritsGlobal: true,
    doc: 'Table that translates the (normalised) SASL user name before it reaches the auth provider; a name missing from the table is rejected.',
    snippet: 'auth_map ${1:&local_rewrites}',
  },
});
