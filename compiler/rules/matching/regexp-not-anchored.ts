import type { Code } from '../../diagnostics/diagnostic.ts';
import { listener } from '../../ir/codes/sample.ts';
import { replacement } from '../../ir/finding.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';
import { regexpTable } from './regexp-tables.ts';

const code: Code = {
  code: 'M4114',
  name: 'regexp-not-anchored',
  severity: 'warning',
  summary: 'an expression that describes only a part of an address',
  page: () => ({
    docs: 'A regexp table compares the whole address, from the first letter to the last, unless `full_match no` says otherwise. An expression that begins with `@` or ends with `@` describes only a part, so it never matches, and mail takes another way than the one that is meant. Write `.+` for the rest.',
    invalid: listener('modify {\n    replace_rcpt regexp "@example\\.org" "team@example.net"\n}\ndeliver_to dummy'),
    valid: listener('modify {\n    replace_rcpt regexp ".+@example\\.org" "team@example.net"\n}\ndeliver_to dummy'),
  }),
};

export const regexpNotAnchored: Rule = {
  code,
  *check({ tableUses }) {
    for (const { table: module, seesAddresses } of tableUses) {
      const table = regexpTable(module);
      if (!seesAddresses || table === null || !table.isWholeMatch) continue;
      const bare = table.expression.replace(/^\^/, '').replace(/\$$/, '');
      const isSuffix = bare.startsWith('@');
      if (!isSuffix && !bare.endsWith('@')) continue;
      const meant = isSuffix ? `.+${bare}` : `${bare}.+`;
      const where = table.word?.origin ?? module.header.origin;
      yield report(
        code,
        where,
        `"${table.expression}" never matches: an address has something ${isSuffix ? 'before' : 'after'} the @`,
        {
          details: [
            `The whole address is compared, so that ${isSuffix ? `ann${sample(bare)}` : `${sample(bare)}example.org`} does not match either.`,
            `Write "${meant}", or full_match no in the table's block.`,
          ],
          fixes: replacement(`write "${meant}"`, where, `"${meant}"`, false),
        },
      );
    }
  },
};

/** An address part that looks like the expression. */
function sample(expression: string): string {
  return expression
    .replaceAll(/\\(.)/g, '$1')
    .replaceAll(/\(([^|()]*)[^()]*\)/g, '$1')
    .replaceAll(/[?*+]/g, '');
}
