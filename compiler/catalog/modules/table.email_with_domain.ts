import { defineModule } from '../define.ts';
import { everyDialect } from '../dialects.ts';

export const tableEmailWithDomain = defineModule({
  name: 'table.email_with_domain',
  kind: 'table',
  implements: ['table', 'multi_table'],
  doc: 'Appends domains to the key.',
  dialects: everyDialect,
  inlineArgs: {
    rule: 'positional',
    args: [
      {
        name: 'domain',
        type: 'string',
        into: 'domains',
        doc: 'Domains that are appended.',
        required: true,
        repeated: true,
      },
    ],
    combine: 'fallback',
    missing: 'table.email_with_domain: at least one domain is required',
  },
  registersAs: 'module-name',
  unknown: 'ignored',
  directives: {},
  rules: [{ check: 'domains', key: 'domains', maddy: 'table.email_with_domain: invalid domain: {value}' }],
  runtime: true,
  docPage: 'table/email_with_domain.md',
  example: 'user_to_email email_with_domain example.org',
  notes: [
    'Needs inline arguments, so a named block always fails with "table.email_with_domain: at least one domain is required" when used. Registers itself under its own module name instead of the block name: "table.email_with_domain x { }" must be referenced as "&table.email_with_domain", "&x" fails with "no such instance registered", and a second such block fails with "config block named table.email_with_domain already exists".',
    'Block content is not looked at.',
  ],
});
