import { defineModule } from '../define.ts';
import { maddyOnly } from '../dialects.ts';
import { debug } from '../shared/debug.ts';

export const checkArc = defineModule({
  name: 'check.arc',
  kind: 'check',
  implements: ['check'],
  extension: true,
  doc: 'Verifies what forwarders have sealed (ARC, RFC 8617) and writes it into Authentication-Results; refuses nothing. An extension of maddyc: maddy does not have it.',
  dialects: maddyOnly,
  inlineArgs: { rule: 'refused', error: 'check.arc: inline arguments are not used' },
  unknown: 'refused',
  directives: { debug },
  runtime: true,
  docPage: '',
  example: `check {
    arc
}`,
});
