import type { Code } from '../../diagnostics/diagnostic.ts';
import { listener } from '../../ir/codes/sample.ts';
import { tableFiles } from '../../ir/table-files.ts';
import { modulesNamed } from '../../ir/walk.ts';
import type { Origin } from '../../source/origin.ts';
import { relatedAt, report } from '../report.ts';
import type { Rule } from '../rule.ts';
import { type FileTableText, fileTableOf } from './file-tables.ts';

const aliases = 'modify {\n    replace_rcpt file /etc/maddy/aliases\n}\ndeliver_to dummy';

const code: Code = {
  code: 'M5105',
  name: 'alias-file-line',
  severity: 'error',
  summary: 'a line of a table file that is not an entry',
  page: () => ({
    docs: 'Each line of a table file is `key: value` or `key: value, value`. Without the colon the whole line is a key with an empty value. With nothing before the colon maddy gives up the whole file and goes on with what it had read before, at start with nothing at all. Without a fault the addresses after it would be rewritten; so they are not.',
    invalid: listener(aliases),
    valid: listener(aliases.replace('/etc/maddy/aliases', '/etc/maddy/good-aliases')),
    given: {
      files: {
        '/etc/maddy/aliases': 'info@example.org ann@example.org\n',
        '/etc/maddy/good-aliases': 'info@example.org: ann@example.org\n',
      },
    },
  }),
};

export const aliasFileLine: Rule = {
  code,
  *check(context) {
    for (const table of modulesNamed(context.inventory, 'table.file')) {
      const [named] = tableFiles(context.program, [table]);
      if (named === undefined) continue;
      const text = fileTableOf(table, context);
      if (text !== null) yield* faultsIn(text, named.origin);
      else {
        const state = context.host.read(named.path);
        if (state?.kind === 'absent') {
          yield report(code, named.origin, `there is no file ${named.path}`, {
            severity: 'info',
            details: [
              'maddy starts all the same, with an empty table: nothing is rewritten or matched until the file is there.',
            ],
          });
        }
      }
    }
  },
};

function* faultsIn({ file, lines }: FileTableText, named: Origin) {
  const related = [relatedAt(named, 'the file is named here')];
  const seen = new Map<string, Origin>();
  for (const { key, range, values } of lines) {
    const where: Origin = { file, range, via: null };
    const earlier = seen.get(key);
    if (key === '') {
      yield report(code, where, 'nothing stands before the colon', {
        details: [
          'maddy gives up the whole file at this line: none of its entries counts.',
          'Write KEY: VALUE, or remove the line.',
        ],
        related,
      });
    } else if (values === null) {
      yield report(code, where, 'this line has no ":"', {
        label: 'all of it is a key, with an empty value',
        details: [
          'No address looks like that, so the line does nothing.',
          `Write ${key.split(/\s+/).slice(0, 2).join(': ')}`,
        ],
        related,
      });
    } else if (/\s/.test(key)) {
      yield report(code, where, `the key "${key}" has blanks in it`, {
        details: ['No address looks like that, so the line does nothing.', 'Write one key a line.'],
        related,
      });
    } else if (earlier !== undefined) {
      yield report(code, where, `"${key}" stands here a second time`, {
        severity: 'warning',
        details: [
          'The values of both lines count: mail for it goes to all of them.',
          'Put them on one line, or remove one.',
        ],
        related: [relatedAt(earlier, 'the first line'), ...related],
      });
    } else {
      seen.set(key, where);
    }
  }
}
