import { defineModule } from '../define.ts';
import { maddyOnly } from '../dialects.ts';
import { authentication } from '../shared/authentication.ts';
import { listenAddresses } from '../shared/smtp-listener.ts';

export const dovecotSasld = defineModule({
  name: 'dovecot_sasld',
  kind: 'endpoint',
  implements: ['endpoint'],
  doc: 'Serves the Dovecot authentication protocol so that other programs can check passwords against maddy auth providers.',
  dialects: maddyOnly,
  inlineArgs: listenAddresses,
  unknown: 'refused',
  directives: {
    ...authentication,
  },
  rules: [{ check: 'listen', maddy: 'dovecot_sasld: {error}', secure: 'plain' }],
  runtime: true,
  example: `dovecot_sasld unix://auth.sock {
    auth &local_authdb
}`,
  notes: [
    'auth is optional at load time; without it no mechanism is offered.',
    'No debug, tls or hostname directive here.',
  ],
});
