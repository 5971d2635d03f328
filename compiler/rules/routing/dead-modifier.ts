import type { Code } from '../../diagnostics/diagnostic.ts';
import { listener } from '../../ir/codes/sample.ts';
import { destinationsOf, sourcesOf } from '../../ir/walk.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

const refusing = (modify: string): string =>
  listener(
    `destination postmaster example.org {\n    deliver_to dummy\n}\ndefault_destination {\n${modify}    reject\n}`,
  );

const code: Code = {
  code: 'M4107',
  name: 'dead-modifier',
  severity: 'info',
  summary: 'a block changes mail that it refuses',
  page: () => ({
    docs: 'The block refuses all mail that comes to it, so what its `modify` changes is never sent anywhere. Remove the `modify`, or deliver.',
    invalid: refusing('    modify {\n        replace_rcpt static {\n            entry a b\n        }\n    }\n'),
    valid: refusing(''),
  }),
};

export const deadModifier: Rule = {
  code,
  *check({ inventory }) {
    for (const pipeline of inventory.pipelines) {
      const sources = sourcesOf(pipeline);
      for (const source of sources) {
        const destinations = destinationsOf(source);
        // What is changed further out may choose between blocks, unless there is only this one.
        const ofSource = destinations.length > 1 ? [] : source.modifiers;
        const ofPipeline = destinations.length > 1 || sources.length > 1 ? [] : pipeline.modifiers;
        for (const { actions, modifiers } of destinations) {
          const refusing = actions.find(({ kind }) => kind === 'reject');
          if (refusing === undefined || modifiers.length + ofSource.length + ofPipeline.length === 0) continue;
          yield report(code, refusing.header.origin, 'this block changes mail, and refuses all of it', {
            details: ['What its modify does has no effect. Remove the modify, or deliver the mail.'],
          });
        }
      }
    }
  },
};
