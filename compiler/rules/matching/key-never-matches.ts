import type { Code } from '../../diagnostics/diagnostic.ts';
import { listener } from '../../ir/codes/sample.ts';
import { replacement } from '../../ir/finding.ts';
import type { Module } from '../../ir/ir.ts';
import { dependsOnEnvironment } from '../../ir/words.ts';
import type { Origin } from '../../source/origin.ts';
import { lookupAddress, lookupLocalPart } from '../../text/address.ts';
import { lookupDomain } from '../../text/domain.ts';
import { report } from '../report.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { fileTableOf } from './file-tables.ts';

const code: Code = {
  code: 'M4116',
  name: 'key-never-matches',
  severity: 'warning',
  summary: 'a key of a table in a form that no address is looked up in',
  page: () => ({
    docs: 'Addresses are looked up in one form: lower case, domains in Unicode letters (`bücher.example`, not `xn--…`), no dot at the end. Keys are compared letter by letter, so a key in another form is never found, although the address that arrives looks the same.',
    invalid: listener(
      'modify {\n    replace_rcpt static {\n        entry Ann@Example.org bob@example.org\n    }\n}\ndeliver_to dummy',
    ),
    valid: listener(
      'modify {\n    replace_rcpt static {\n        entry ann@example.org bob@example.org\n    }\n}\ndeliver_to dummy',
    ),
  }),
};

export const keyNeverMatches: Rule = {
  code,
  *check(context) {
    for (const { table, seesAddresses } of context.tableUses) {
      if (!seesAddresses) continue;
      for (const { key, where } of keysOf(table, context)) {
        const usual = usualForm(key);
        if (usual === null || usual === key) continue;
        yield report(code, where, `the key "${key}" is never found`, {
          label: `addresses are looked up as ${usual}`,
          details: [
            'Tables compare letter by letter: mail for this address goes on as if the line were not there.',
            `Write ${usual}`,
          ],
          fixes: replacement(`write ${usual}`, where, usual, true),
        });
      }
    }
  },
};

interface Key {
  readonly key: string;
  readonly where: Origin;
}

function* keysOf(table: Module, context: RuleContext): Iterable<Key> {
  if (table.entry.name === 'table.static') {
    for (const { args } of table.config.get('entries')?.written ?? []) {
      const [key] = args;
      if (key !== undefined && !dependsOnEnvironment(key.value)) yield { key: key.value, where: key.origin };
    }
  }
  const file = fileTableOf(table, context);
  for (const { key, range } of file?.lines ?? []) {
    if (file !== null) yield { key, where: { file: file.file, range, via: null } };
  }
}

/** Null when it is no address, domain or local part at all. */
function usualForm(key: string): string | null {
  if (key === '' || /\s/.test(key)) return null;
  if (key.includes('@')) return lookupAddress(key);
  return key.includes('.') ? lookupDomain(key) : lookupLocalPart(key);
}
