import { defineModule } from '../define.ts';
import { everyDialect } from '../dialects.ts';

export const checks = defineModule({
  name: 'checks',
  kind: 'group',
  implements: ['checks_group'],
  doc: 'Named group of checks; this is also what the pipeline directive check creates.',
  dialects: everyDialect,
  inlineArgs: { rule: 'ignored' },
  unknown: {
    modules: 'check',
    into: 'members',
    doc: 'Each directive is a check module name with its inline arguments and block.',
    snippet: '${1|spf,dkim,require_mx_record|}',
  },
  directives: {},
  runtime: true,
  docPage: 'smtp-pipeline.md',
  example: `checks inbound {
    spf
    dkim
}`,
  notes: [
    'Reference with "check &name". A single named check block cannot be pulled in this way: "check &one" requires a checks group; inside a group a directive name cannot start with "&" because of the directive-name syntax.',
  ],
});
