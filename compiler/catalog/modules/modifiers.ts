import { defineModule } from '../define.ts';
import { everyDialect } from '../dialects.ts';

export const modifiers = defineModule({
  name: 'modifiers',
  kind: 'group',
  implements: ['modifiers_group', 'modifier'],
  doc: 'Named group of modifiers; also what the pipeline directive modify creates.',
  dialects: everyDialect,
  inlineArgs: { rule: 'ignored' },
  unknown: {
    modules: 'modifier',
    into: 'members',
    doc: 'Each directive is a modifier module name with inline arguments and block.',
    snippet: '${1|replace_rcpt,replace_sender|} ${2:&local_rewrites}',
  },
  directives: {},
  runtime: true,
  docPage: 'smtp-pipeline.md',
  example: `modifiers local_modifiers {
    replace_rcpt file /etc/maddy/aliases
}`,
});
