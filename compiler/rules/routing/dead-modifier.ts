import type { Code } from '../../diagnostics/diagnostic.ts';
import { listener } from '../../ir/codes/sample.ts';
import { destinationsOf } from '../../ir/walk.ts';
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
    for (const source of inventory.sources) {
      for (const { actions, modifiers, header } of destinationsOf(source)) {
        if (modifiers.length === 0 || header === source.header) continue;
        const refusing = actions.find(({ kind }) => kind === 'reject');
        if (refusing === undefined) continue;
        yield report(code, refusing.header.origin, 'this block changes mail, and refuses all of it', {
          details: ['What its modify does has no effect. Remove the modify, or deliver the mail.'],
        });
      }
    }
  },
};
