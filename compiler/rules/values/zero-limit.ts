import type { Code } from '../../diagnostics/diagnostic.ts';
import { listener } from '../../ir/codes/sample.ts';
import { fieldsIn } from '../../ir/ir.ts';
import { modulesNamed } from '../../ir/walk.ts';
import { spanOf } from '../../ir/words.ts';
import { limitsOf } from '../limits.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

const limits = (line: string) => listener(`limits {\n    ${line}\n}\ndeliver_to dummy`);

const code: Code = {
  code: 'M3108',
  name: 'zero-limit',
  severity: 'warning',
  summary: 'a limit of 0, which is no limit at all',
  page: () => ({
    docs: '`rate 0` and `concurrency 0` do not stop mail: maddy takes 0 as "no limit", and everything passes. To stop mail use `reject`; to limit it give a number; to have no limit remove the line.',
    invalid: limits('all concurrency 0'),
    valid: limits('all concurrency 10'),
  }),
};

export const zeroLimit: Rule = {
  code,
  *check({ inventory }) {
    for (const { value, directive } of modulesNamed(inventory, 'limits').flatMap(limitsOf)) {
      const { kind, burst, max } = fieldsIn(value) ?? {};
      if ((kind === 'rate' ? burst : max) !== 0) continue;
      yield report(code, spanOf(directive), `${directive.name} ${String(kind)} 0 is no limit at all`, {
        details: [
          'Everything passes, as if the line were not there.',
          'Give a number, or remove the line; to refuse mail use reject.',
        ],
      });
    }
  },
};
