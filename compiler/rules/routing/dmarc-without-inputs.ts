import { diagnose } from '../../diagnostics/diagnose.ts';
import type { Code } from '../../diagnostics/diagnostic.ts';
import { listener } from '../../ir/codes/sample.ts';
import type { Pipeline, RoutedUse } from '../../routing/routes.ts';
import type { Rule } from '../rule.ts';
import { placeAt } from './place.ts';

const checked = (checks: string): string =>
  listener(
    `dmarc yes\n${checks}destination example.org postmaster {\n    deliver_to dummy\n}\ndefault_destination {\n    reject\n}`,
  );

const code: Code = {
  code: 'M8102',
  name: 'dmarc-without-inputs',
  severity: 'warning',
  summary: 'DMARC has nothing to judge by',
  page: () => ({
    docs: 'DMARC judges by what SPF and DKIM found. Without `check { spf dkim }` in the same endpoint neither is looked at, so every message of a domain with a DMARC policy fails, and is refused where the policy says so.',
    invalid: checked(''),
    valid: checked('check {\n    spf\n    dkim\n}\n'),
  }),
};

export const dmarcWithoutInputs: Rule = {
  code,
  *check({ routing, files }) {
    for (const pipeline of routing?.reach.pipelines ?? []) {
      if (!pipeline.dmarc || checksIn(pipeline).some(({ module }) => inputs.has(module.module))) continue;
      yield diagnose(code, 'dmarc is on, but neither spf nor dkim is checked', placeAt(files, pipeline.at), {
        details: [
          'DMARC judges by their results: without them, mail of every domain with a DMARC policy fails, also the genuine.',
          'Add to this endpoint: check { spf dkim }, each on a line of its own.',
        ],
      });
    }
  },
};

const inputs: ReadonlySet<string> = new Set(['check.spf', 'check.dkim']);

function checksIn({ checks, sources }: Pipeline): readonly RoutedUse[] {
  const blocks = sources.blocks.flatMap((source) => [source, ...source.destinations.blocks]);
  return [...checks, ...blocks.flatMap((block) => block.checks)];
}
