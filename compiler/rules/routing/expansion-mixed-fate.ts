import { diagnose } from '../../diagnostics/diagnose.ts';
import type { Code } from '../../diagnostics/diagnostic.ts';
import { listener } from '../../ir/codes/sample.ts';
import type { Rule } from '../rule.ts';
import { pathOf, placeAt } from './place.ts';

const aliased = (values: string): string =>
  listener(
    `modify {\n    replace_rcpt static {\n        entry all@example.org ${values}\n    }\n}\ndeliver_to smtp tcp://127.0.0.1:2526`,
  );

const code: Code = {
  code: 'M5104',
  name: 'expansion-mixed-fate',
  severity: 'warning',
  summary: 'one of several recipients that fails makes the client send to all again',
  page: () => ({
    docs: 'A table turns one recipient into several, and they are delivered while the client waits. The client hears one answer: when one of them fails, it sends the message again (or gives up), and those that worked get it twice. With a queue in between each recipient has its own fate.',
    invalid: aliased('ann@example.org bob@example.org'),
    valid: aliased('ann@example.org'),
  }),
};

export const expansionMixedFate: Rule = {
  code,
  *check({ routing, files }) {
    if (routing === null) return;
    const told = new Set<string>();
    for (const way of routing.survey().ways) {
      const direct = new Set(
        way.deliveries.flatMap(({ via, recipient, target }) =>
          via.length === 0 && target !== 'dummy' ? [recipient] : [],
        ),
      );
      if (direct.size < 2) continue;
      for (const step of way.steps) {
        const key = step.at.join(' ');
        if (step.kind !== 'modify' || step.after.length < 2 || told.has(key)) continue;
        told.add(key);
        yield diagnose(
          code,
          `"${step.before}" becomes ${step.after.length} recipients, and one that fails fails them all`,
          placeAt(files, step.at),
          {
            details: [
              'The client hears one answer for all of them: after a failure it sends again, and those that worked get the message twice.',
              'Deliver them to a queue: there each recipient has its own fate.',
            ],
            related: pathOf(files, way),
          },
        );
      }
    }
  },
};
