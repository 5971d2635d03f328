import type { Code } from '../../diagnostics/diagnostic.ts';
import { isWrittenInPlace } from '../../diagnostics/provenance.ts';
import { wholeLine } from '../../fix/whole-line.ts';
import { listener } from '../../ir/codes/sample.ts';
import { spanOf } from '../../ir/words.ts';
import { writtenFor } from '../../ir/written.ts';
import { firstValue } from '../property-values.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

const code: Code = {
  code: 'M7105',
  name: 'debug-leaks',
  severity: 'warning',
  summary: 'io_debug writes whole sessions into the log',
  page: () => ({
    docs: 'With `io_debug` every line that a client sends goes into the log, passwords (in base64) and messages included. It is for finding a fault; remove it when that is done, and look after the logs that were written meanwhile.',
    invalid: listener('io_debug yes\ndeliver_to dummy'),
    valid: listener('deliver_to dummy'),
  }),
};

export const debugLeaks: Rule = {
  code,
  *check({ inventory }) {
    for (const module of inventory.modules) {
      const directive = writtenFor(module, 'io_debug');
      if (directive === undefined || firstValue(module, 'io_debug') !== true) continue;
      const { origin, range } = directive;
      yield report(code, spanOf(directive), 'whole sessions go into the log, passwords and messages included', {
        details: [
          'Whoever can read the log can log in as your users. Remove the line when you have found what you were looking for.',
        ],
        fixes: isWrittenInPlace(origin)
          ? [
              {
                title: 'remove io_debug',
                safe: false,
                edits: [{ file: origin.file, range: wholeLine(origin.file, range), text: '' }],
              },
            ]
          : [],
      });
    }
  },
};
