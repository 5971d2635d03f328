import type { Code } from '../../diagnostics/diagnostic.ts';
import { listener } from '../../ir/codes/sample.ts';
import { modulesNamed } from '../../ir/walk.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';
import { regexpTable } from './regexp-tables.ts';

const code: Code = {
  code: 'M3107',
  name: 'regexp-group',
  severity: 'warning',
  summary: 'a replacement uses a group that the expression does not have',
  page: () => ({
    docs: '`$2` stands for what the second pair of parentheses matched. Where there is no such pair it stands for nothing, so that addresses lose a part and mail is refused or goes astray. Mind that `$1x` means a group of the name `1x`: write the number in braces then.',
    invalid: listener('modify {\n    replace_rcpt regexp "(.+)@example\\.org" "$2@example.net"\n}\ndeliver_to dummy'),
    valid: listener('modify {\n    replace_rcpt regexp "(.+)@example\\.org" "$1@example.net"\n}\ndeliver_to dummy'),
  }),
};

export const regexpGroup: Rule = {
  code,
  *check({ inventory }) {
    for (const module of modulesNamed(inventory, 'table.regexp')) {
      const table = regexpTable(module);
      if (table === null || !table.expands) continue;
      const groups = groupsOf(table.expression);
      for (const [index, replacement] of table.replacements.entries()) {
        const missing = referencesIn(replacement).find((name) => !groups.has(name));
        if (missing === undefined) continue;
        const where = table.replacementWords[index]?.origin ?? module.header.origin;
        const count = groups.size - 1;
        yield report(code, where, `"${replacement}" uses the group ${missing}, which the expression does not have`, {
          label: 'becomes empty',
          details: [
            `The expression ${count === 0 ? 'has no groups' : `has ${count === 1 ? 'one group' : `${count} groups`}`}: $${missing} stands for nothing, and the result is not the address that is meant.`,
            /^\d+\D/.test(missing)
              ? `A name goes on as far as letters do: write \${${/^\d+/.exec(missing)?.[0]}} where the number ends.`
              : 'Put parentheses around the part that is meant, or correct the number.',
          ],
        });
      }
    }
  },
};

/** Names and numbers of the groups; `0` is the whole match. */
function groupsOf(expression: string): ReadonlySet<string> {
  const plain = expression
    .replaceAll(/\\Q.*?(?:\\E|$)/gs, '')
    .replaceAll(/\\./gs, '')
    .replaceAll(/\[\^?\]?[^\]]*\]/g, '');
  const groups = new Set(['0']);
  let count = 0;
  for (const [, name] of plain.matchAll(/\((?!\?)|\(\?P?<([^>]+)>/g)) {
    count += 1;
    groups.add(String(count));
    if (name !== undefined) groups.add(name);
  }
  return groups;
}

/** As maddy reads `$name` and `${name}`; `$$` is a dollar sign. */
function referencesIn(replacement: string): readonly string[] {
  return [...replacement.matchAll(/\$(?:\$|\{(\w+)\}|(\w+))/g)].flatMap(([, braced, bare]) => braced ?? bare ?? []);
}
