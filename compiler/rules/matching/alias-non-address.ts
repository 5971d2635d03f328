import type { Code } from '../../diagnostics/diagnostic.ts';
import { listener } from '../../ir/codes/sample.ts';
import { dependsOnEnvironment } from '../../ir/words.ts';
import type { Origin } from '../../source/origin.ts';
import { isBarePostmaster } from '../../text/address.ts';
import { report } from '../report.ts';
import type { Rule, RuleContext } from '../rule.ts';
import type { TableUse } from '../table-use.ts';
import { fileTableOf } from './file-tables.ts';

const alias = (value: string) =>
  listener(`modify {\n    replace_rcpt static {\n        entry info@example.org ${value}\n    }\n}\ndeliver_to dummy`);

const code: Code = {
  code: 'M4113',
  name: 'alias-non-address',
  severity: 'warning',
  summary: 'an address is rewritten to something that is no address',
  page: () => ({
    docs: 'What a rewriting table gives is the whole new address. A name without a domain is none, so maddy refuses mail for it with a permanent error. Write the domain, too.',
    invalid: alias('ann'),
    valid: alias('ann@example.org'),
  }),
};

export const aliasNonAddress: Rule = {
  code,
  *check(context) {
    for (const use of context.tableUses) {
      if (use.role !== 'rewrite' || !use.isLast || !use.seesAddresses) continue;
      for (const { key, value, where } of entriesOf(use, context)) {
        if (value.includes('@') || value === '' || isBarePostmaster(value) || dependsOnEnvironment(value)) continue;
        // A key without a domain is compared with the local part, and the value takes its place.
        if (!key.includes('@')) continue;
        const domain = key.slice(key.lastIndexOf('@') + 1);
        yield report(code, where, `"${value}" is no address`, {
          label: 'the domain is missing',
          details: [
            `The value takes the place of the whole address: mail for ${key} is refused with 554.`,
            `Write the domain, too, for example: ${value}@${domain}`,
          ],
        });
      }
    }
  },
};

interface Entry {
  readonly key: string;
  readonly value: string;
  readonly where: Origin;
}

function* entriesOf({ table }: TableUse, context: RuleContext): Iterable<Entry> {
  if (table.entry.name === 'table.static') {
    for (const { args } of table.config.get('entries')?.written ?? []) {
      const [key, ...values] = args;
      for (const { value, origin } of values) yield { key: key?.value ?? '', value, where: origin };
    }
  }
  const text = fileTableOf(table, context);
  for (const { key, values, range } of text?.lines ?? []) {
    for (const value of values ?? [])
      if (text !== null) yield { key, value, where: { file: text.file, range, via: null } };
  }
}
