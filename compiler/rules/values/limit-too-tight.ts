import type { Code } from '../../diagnostics/diagnostic.ts';
import { listener } from '../../ir/codes/sample.ts';
import { fieldsIn } from '../../ir/ir.ts';
import { modulesNamed } from '../../ir/walk.ts';
import { spanOf } from '../../ir/words.ts';
import { limitsOf } from '../limits.ts';
import { moduleIn } from '../property-values.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

const limits = (line: string) => listener(`limits {\n    ${line}\n}\ndeliver_to dummy`);

const code: Code = {
  code: 'M3109',
  name: 'limit-too-tight',
  severity: 'info',
  summary: 'a limit for everybody together that ordinary traffic reaches',
  page: () => ({
    docs: '`all` counts the messages of all clients together. When it is reached a client waits five seconds and is then told `451 4.4.5 High load, try again later`. A mailing list that delivers to ten people of yours, or one sender with a queue, is enough for a limit below one message a second. Use `ip` or `source` to slow down one client, and give `all` room.',
    invalid: limits('all rate 1 10s'),
    valid: limits('all rate 20 1s'),
  }),
};

export const limitTooTight: Rule = {
  code,
  *check({ inventory }) {
    for (const endpoint of modulesNamed(inventory, 'smtp', 'submission')) {
      const limits = moduleIn(endpoint, 'limits');
      for (const { value, directive } of limits === undefined ? [] : limitsOf(limits)) {
        const { kind, burst, period, max } = fieldsIn(value) ?? {};
        const isSlow = typeof burst === 'number' && typeof period === 'number' && burst > 0 && burst * 1000 < period;
        if (directive.name !== 'all' || !(kind === 'rate' ? isSlow : max === 1)) continue;
        const what = kind === 'rate' ? 'less than one message a second' : 'one message at a time';
        yield report(code, spanOf(directive), `${what}, for all clients together`, {
          details: [
            'Whoever comes next waits five seconds and is then told "451 4.4.5 High load, try again later".',
            'Use ip or source to slow down single clients, and give all more room.',
          ],
        });
      }
    }
  },
};
