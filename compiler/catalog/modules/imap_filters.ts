import { defineModule } from '../define.ts';
import { maddyOnly } from '../dialects.ts';

export const imapFilters = defineModule({
  name: 'imap_filters',
  kind: 'group',
  implements: ['imap_filter_group', 'imap_filter'],
  reportedName: 'modifiers',
  doc: 'Group of IMAP filters; also what the imap_filter directive creates.',
  dialects: maddyOnly,
  inlineArgs: { rule: 'ignored' },
  unknown: {
    modules: 'imap_filter',
    into: 'members',
    doc: 'Each directive is an IMAP filter module.',
    snippet: 'command ${1:/path/to/script}',
  },
  directives: {},
  runtime: false,
  docPage: 'storage/imap-filters.md',
  example: `imap_filter {
    command /etc/maddy/sieve.sh {account_name}
}`,
});
