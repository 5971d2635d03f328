import { defineModule } from '../define.ts';
import { everyDialect } from '../dialects.ts';
import { debug } from '../shared/debug.ts';
import { normalizations } from '../shared/normalizations.ts';

export const checkAuthorizeSender = defineModule({
  name: 'check.authorize_sender',
  kind: 'check',
  implements: ['check'],
  doc: 'Checks that the authenticated user may use the envelope sender and the From/Sender header addresses.',
  dialects: everyDialect,
  inlineArgs: { rule: 'refused', error: 'check.authorize_sender: inline arguments are not used' },
  unknown: 'refused',
  directives: {
    debug,
    check_header: { type: 'bool', default: true, doc: 'Also check header From/Sender.' },
    prepare_email: {
      type: 'module_ref',
      expects: 'table',
      default: ['identity'],
      doc: 'Table applied to the sender address before comparison.',
      snippet: 'prepare_email ${1:&local_rewrites}',
    },
    user_to_email: {
      type: 'module_ref',
      expects: 'table',
      default: ['identity'],
      doc: 'Table mapping the user name to allowed addresses or domains; "*" allows any.',
      snippet: 'user_to_email ${1:&local_rewrites}',
    },
    unauth_action: { type: 'fail_action', default: 'reject', doc: 'Action when the client is not authenticated.' },
    no_match_action: { type: 'fail_action', default: 'reject', doc: 'Action when the user may not use the address.' },
    err_action: { type: 'fail_action', default: 'reject', doc: 'Action on lookup errors.' },
    auth_normalize: {
      type: 'enum',
      values: normalizations,
      inheritsGlobal: true,
      default: 'auto',
      doc: 'Normalisation of the user name.',
    },
    from_normalize: {
      type: 'enum',
      values: normalizations,
      inheritsGlobal: true,
      default: 'auto',
      doc: 'Normalisation of the sender address.',
    },
  },
  runtime: true,
  docPage: 'checks/authorize_sender.md',
  example: `check {
    authorize_sender {
        prepare_email &local_rewrites
        user_to_email identity
    }
}`,
});
