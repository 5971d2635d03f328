import type { Code } from '../../diagnostics/diagnostic.ts';
import { listener } from '../../ir/codes/sample.ts';
import { replacement } from '../../ir/finding.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';
import { regexpTable } from './regexp-tables.ts';

const code: Code = {
  code: 'M3122',
  name: 'regexp-dot',
  severity: 'info',
  summary: 'a dot in an expression that stands for any letter',
  page: () => ({
    docs: 'In a regular expression `.` is any character: `.+@example.org` also matches addresses at `exampleXorg`. Where a dot of a domain is meant write `\\.`.',
    invalid: listener('modify {\n    replace_rcpt regexp "(.+)@example.org" "$1@example.net"\n}\ndeliver_to dummy'),
    valid: listener('modify {\n    replace_rcpt regexp "(.+)@example\\.org" "$1@example.net"\n}\ndeliver_to dummy'),
  }),
};

export const regexpDot: Rule = {
  code,
  *check({ tableUses }) {
    for (const { table: module, seesAddresses } of tableUses) {
      const table = seesAddresses ? regexpTable(module) : null;
      if (table === null) continue;
      const at = table.expression.lastIndexOf('@');
      const domain = table.expression.slice(at + 1);
      const escaped = domain.replaceAll(/(?<=[A-Za-z0-9-])\.(?=[A-Za-z])/g, '\\.');
      if (at === -1 || escaped === domain) continue;
      const meant = `"${table.expression.slice(0, at + 1)}${escaped}"`;
      const where = table.word?.origin ?? module.header.origin;
      yield report(code, where, `the dot in "${domain}" stands for any letter`, {
        details: [`Addresses of other domains match, too. Write ${meant}`],
        fixes: /["\\]/.test(table.expression) ? [] : replacement(`write ${meant}`, where, meant, false),
      });
    }
  },
};
