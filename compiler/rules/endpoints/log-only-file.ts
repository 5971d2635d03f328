import type { Code } from '../../diagnostics/diagnostic.ts';
import { listener } from '../../ir/codes/sample.ts';
import { spanOf } from '../../ir/words.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

const code: Code = {
  code: 'M7106',
  name: 'log-only-file',
  severity: 'info',
  summary: 'what goes wrong at start may be written nowhere',
  page: () => ({
    docs: 'When the log goes to a file only, a fault before the file is open, or the missing right to write to it, is seen nowhere: the service just does not start. Add `stderr`, which systemd and containers keep.',
    invalid: `log /var/log/maddy.log\n${listener('deliver_to dummy')}`,
    valid: `log stderr /var/log/maddy.log\n${listener('deliver_to dummy')}`,
  }),
};

export const logOnlyFile: Rule = {
  code,
  *check({ program }) {
    const log = program.globals.get('log');
    const [written] = log?.written ?? [];
    const targets = Array.isArray(log?.value) ? log.value : [];
    if (
      written === undefined ||
      targets.length === 0 ||
      !targets.every((each) => typeof each === 'string' && each.startsWith('/'))
    )
      return;
    yield report(code, spanOf(written), 'the log goes to a file only', {
      details: [
        'If the file cannot be written, or something fails before it is open, nobody sees why the server does not start. Add stderr.',
      ],
    });
  },
};
