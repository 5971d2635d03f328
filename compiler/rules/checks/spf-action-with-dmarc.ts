import type { Code } from '../../diagnostics/diagnostic.ts';
import { listener } from '../../ir/codes/sample.ts';
import { fieldsIn, moduleOf, type Use } from '../../ir/ir.ts';
import { sourcesOf } from '../../ir/walk.ts';
import { placeOfProperty, writtenFor } from '../../ir/written.ts';
import { firstValue } from '../property-values.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

const spf = (dmarc: string) =>
  listener(`dmarc ${dmarc}\ncheck {\n    spf {\n        fail_action reject\n    }\n}\ndeliver_to dummy`);

const code: Code = {
  code: 'M8103',
  name: 'spf-action-with-dmarc',
  severity: 'info',
  summary: 'DMARC decides before the action of SPF',
  page: () => ({
    docs: 'When the domain of a message has a DMARC policy, a failed SPF check is not acted upon: DMARC decides, and lets a message pass whose DKIM signature is good. The action of SPF counts for domains without a policy. `enforce_early yes` in spf applies it at once, which refuses forwarded mail.',
    invalid: spf('yes'),
    valid: spf('no'),
  }),
};

export const spfActionWithDmarc: Rule = {
  code,
  *check({ inventory }) {
    for (const pipeline of inventory.pipelines) {
      if (!pipeline.dmarc) continue;
      const uses: readonly Use[] = [...pipeline.checks, ...sourcesOf(pipeline).flatMap((source) => source.checks)];
      for (const spf of uses.flatMap((use) => moduleOf(use) ?? [])) {
        if (spf.entry.name !== 'check.spf' || writtenFor(spf, 'fail_action') === undefined) continue;
        if (fieldsIn(firstValue(spf, 'fail_action'))?.action !== 'reject' || firstValue(spf, 'enforce_early') === true)
          continue;
        yield report(
          code,
          placeOfProperty(spf, 'fail_action'),
          'DMARC decides first: this counts only for domains without a DMARC policy',
          {
            details: [
              'A message that fails SPF passes when its DKIM signature is good. Nothing is wrong if you want it so.',
            ],
          },
        );
      }
    }
  },
};
