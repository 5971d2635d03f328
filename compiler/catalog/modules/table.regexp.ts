import { defineModule } from '../define.ts';
import { everyDialect } from '../dialects.ts';

export const tableRegexp = defineModule({
  name: 'table.regexp',
  kind: 'table',
  implements: ['table', 'multi_table'],
  doc: 'Matches the key against a Go (RE2) regular expression and returns the expanded replacements.',
  dialects: everyDialect,
  inlineArgs: {
    rule: 'positional',
    args: [
      { name: 'regexp', type: 'string', into: 'regexp', doc: 'The expression.', required: true },
      {
        name: 'replacement',
        type: 'string',
        into: 'replacements',
        doc: 'Values of a match; `$1` or `${name}` stand for groups.',
        repeated: true,
      },
    ],
    combine: 'fallback',
    missing: null,
  },
  registersAs: 'module-name',
  unknown: 'refused',
  directives: {
    full_match: { type: 'bool', default: true, doc: 'Anchor the expression at both ends.' },
    case_insensitive: { type: 'bool', default: true, doc: 'Ignore case.' },
    expand_replaceholders: {
      type: 'bool',
      default: true,
      doc: 'Expand $N in replacements (directive name is spelled like this).',
    },
  },
  rules: [{ check: 'expression' }],
  runtime: true,
  docPage: 'table/regexp.md',
  example: 'replace_rcpt regexp "(.+)\\+(.+)@(.+)" "$1@$3"',
  notes: [
    'A top-level block has no inline arguments and crashes the program (index out of range) when it is first referenced (as &table.regexp). Registers itself under its own module name instead of the block name: "table.regexp x { }" must be referenced as "&table.regexp", "&x" fails with "no such instance registered", and a second such block fails with "config block named table.regexp already exists".',
    'Without arguments the program panics instead of reporting an error.',
    'No replacement means every lookup returns nothing; it does not mean "key exists".',
  ],
});
