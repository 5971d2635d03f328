import { defineModule } from '../define.ts';
import { madmailGo } from '../dialects.ts';

export const checkPgpEncryption = defineModule({
  name: 'check.pgp_encryption',
  kind: 'check',
  implements: ['check'],
  doc: 'Refuses messages that are not OpenPGP-encrypted.',
  dialects: madmailGo,
  inlineArgs: { rule: 'ignored' },
  unknown: 'refused',
  directives: {
    require_encryption: { type: 'bool', default: true, doc: 'Enforce encryption.' },
    allow_secure_join: { type: 'bool', default: true, doc: 'Let SecureJoin handshake messages pass.' },
    passthrough_senders: { type: 'string_list', doc: 'Senders that are exempt.' },
    passthrough_recipients: { type: 'string_list', doc: 'Recipients that are exempt; @domain matches a domain.' },
  },
  runtime: false,
  example: `check {
    pgp_encryption {
        passthrough_recipients @backup.example.org
    }
}`,
  notes: ['The maintainers advise the pgp_ directives of the submission endpoint instead.'],
});
