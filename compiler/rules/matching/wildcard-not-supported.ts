import { diagnose } from '../../diagnostics/diagnose.ts';
import type { Code, Diagnostic } from '../../diagnostics/diagnostic.ts';
import { provenance } from '../../diagnostics/provenance.ts';
import type { ExpandedArg } from '../../expand/expanded.ts';
import { listener } from '../../ir/codes/sample.ts';
import { placeOf } from '../../ir/finding.ts';
import type { AddressRule } from '../../ir/ir.ts';
import { sourcesOf } from '../../ir/walk.ts';
import type { Rule, RuleContext } from '../rule.ts';

const code: Code = {
  code: 'M4103',
  name: 'wildcard-not-supported',
  severity: 'error',
  summary: 'a wildcard in a match rule',
  page: () => ({
    docs: 'Rules match one address or exactly one domain; `*.example.org` matches nothing at all, not even subdomains. maddy accepts it without a word, and the mail goes to the default block. List the domains, or use `destination_in regexp "(.+)@(.+\\.)?example\\.org" ""`.',
    invalid: listener('destination *.example.org {\n    deliver_to dummy\n}\ndefault_destination {\n    reject\n}'),
    valid: listener('destination example.org {\n    deliver_to dummy\n}\ndefault_destination {\n    reject\n}'),
  }),
};

export const wildcardNotSupported: Rule = {
  code,
  *check({ inventory }: RuleContext): Iterable<Diagnostic> {
    for (const pipeline of inventory.pipelines) {
      yield* wildcards(pipeline.sources, 'source');
      for (const source of sourcesOf(pipeline)) yield* wildcards(source.destinations, 'destination');
    }
  },
};

function* wildcards(
  rules: readonly Pick<AddressRule<unknown>, 'rules'>[],
  kind: 'source' | 'destination',
): Iterable<Diagnostic> {
  for (const { rules: addresses } of rules) {
    for (const address of addresses) if (looksLikePattern(address.value)) yield unsupported(address, kind);
  }
}

function looksLikePattern(rule: string): boolean {
  return rule.slice(rule.lastIndexOf('@') + 1).includes('*') || /^\*+@/.test(rule);
}

function unsupported(address: ExpandedArg, kind: 'source' | 'destination'): Diagnostic {
  const domain = address.value.slice(address.value.lastIndexOf('@') + 1).replace(/^\*\.?/, '');
  const table = `${kind}_in regexp "(.+)@(.+\\.)?${domain.replaceAll('.', '\\.')}" ""`;
  return diagnose(code, `"${address.value}" matches nothing: rules have no wildcards`, placeOf(address.origin), {
    label: 'the asterisk stands for itself',
    details: [
      'maddy accepts it without a word, and the mail that was meant goes to the default block.',
      domain === '' ? `To match everything, use default_${kind}.` : `List the domains, or use a table: ${table}`,
    ],
    related: provenance(address.origin),
  });
}
