import type { Code } from '../../diagnostics/diagnostic.ts';
import { listener } from '../../ir/codes/sample.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

const code: Code = {
  code: 'M4117',
  name: 'literal-asterisk',
  severity: 'warning',
  summary: 'an asterisk in a match rule',
  page: () => ({
    docs: 'Rules match one address or one domain, letter by letter: `*` matches only an address that is written with an asterisk, which nobody has. For everything use `default_source` or `default_destination`; for a whole domain write the domain alone.',
    invalid: listener('source *@example.org {\n    reject\n}\ndefault_source {\n    deliver_to dummy\n}'),
    valid: listener('source example.org {\n    reject\n}\ndefault_source {\n    deliver_to dummy\n}'),
  }),
};

export const literalAsterisk: Rule = {
  code,
  *check({ inventory }) {
    for (const { word, kind } of inventory.matchWords) {
      if (!word.value.startsWith('*') || !/^\*+(@|$)/.test(word.value)) continue;
      const domain = word.value.slice(word.value.indexOf('@') + 1);
      const meant = domain === '*' || !word.value.includes('@') ? `default_${kind}` : `${kind} ${domain}`;
      yield report(code, word.origin, `"${word.value}" matches nothing: rules have no wildcards`, {
        label: 'the asterisk stands for itself',
        details: [
          'maddy accepts it without a word, and the mail that was meant goes to the default block.',
          `Write ${meant} instead.`,
        ],
      });
    }
  },
};
