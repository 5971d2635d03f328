import { defineModule } from '../define.ts';
import { modifyReplaceRcpt } from './modify.replace_rcpt.ts';

export const modifyReplaceSender = defineModule({
  ...modifyReplaceRcpt,
  name: 'modify.replace_sender',
  doc: 'Rewrites the envelope sender through a table that supports multi-value lookup; full address first, then local part.',
  example: `modify {
    replace_sender file /etc/maddy/aliases
}`,
  notes: [...modifyReplaceRcpt.notes, 'Inside a destination block replace_sender has no effect.'],
});
