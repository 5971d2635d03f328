import type { Code } from '../../diagnostics/diagnostic.ts';
import { listener } from '../../ir/codes/sample.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';
import { regexpTable } from './regexp-tables.ts';

const code: Code = {
  code: 'M4115',
  name: 'regexp-without-value',
  severity: 'warning',
  summary: 'a regexp table that gives no value, and so never matches',
  page: () => ({
    docs: 'A rule like `destination_in` asks a table for a value. A regexp table without a replacement has none to give, so it never matches, whatever the expression says. Put `""` after the expression: an empty value is one.',
    invalid: listener(
      'destination postmaster example.net {\n    deliver_to dummy\n}\ndestination_in regexp ".+@example\\.org" {\n    deliver_to dummy\n}\ndefault_destination {\n    reject\n}',
    ),
    valid: listener(
      'destination postmaster example.net {\n    deliver_to dummy\n}\ndestination_in regexp ".+@example\\.org" "" {\n    deliver_to dummy\n}\ndefault_destination {\n    reject\n}',
    ),
  }),
};

export const regexpWithoutValue: Rule = {
  code,
  *check({ tableUses }) {
    for (const { table: module, role } of tableUses) {
      const table = regexpTable(module);
      if (table === null || table.replacements.length > 0 || module.config.get('replacements')?.unreadable) continue;
      const where = table.word?.origin ?? module.header.origin;
      const value = role === 'match' ? '""' : '"$0"';
      yield report(code, where, 'this table never matches: it has an expression but no value', {
        label: 'no replacement after it',
        details: [
          'maddy accepts it without a word; mail that it was made for goes on as if the table were empty.',
          `Put what the table is to answer after the expression, ${value} ${role === 'match' ? 'where the answer does not matter' : 'for the address as it is'}.`,
        ],
      });
    }
  },
};
