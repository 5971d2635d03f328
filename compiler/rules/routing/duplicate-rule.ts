import type { Code } from '../../diagnostics/diagnostic.ts';
import type { ExpandedArg } from '../../expand/expanded.ts';
import { listener } from '../../ir/codes/sample.ts';
import type { AddressRule } from '../../ir/ir.ts';
import { lookupAddress } from '../../text/address.ts';
import { lookupDomain } from '../../text/domain.ts';
import { relatedAt, report } from '../report.ts';
import type { Rule } from '../rule.ts';

const twice = (second: string): string =>
  listener(
    `destination postmaster example.org {\n    deliver_to dummy\n}\ndestination ${second} {\n    reject\n}\ndefault_destination {\n    reject\n}`,
  );

const code: Code = {
  code: 'M4101',
  name: 'duplicate-rule',
  severity: 'warning',
  summary: 'an address is routed by an earlier block already',
  page: () => ({
    docs: 'The first block that names an address or a domain takes its mail; a later block that names it again never sees it, and maddy says nothing. Addresses are the same when they differ only in case, in a final dot, or in how an international domain is written. Remove one of the two.',
    invalid: twice('Example.ORG'),
    valid: twice('example.net'),
  }),
};

export const duplicateRule: Rule = {
  code,
  *check({ inventory }) {
    for (const { sources } of inventory.pipelines) if (sources.length > 1) yield* duplicates(sources, 'from');
    for (const { destinations } of inventory.sources) {
      if (destinations.length > 1) yield* duplicates(destinations, 'for');
    }
  },
};

function* duplicates(blocks: readonly AddressRule<unknown>[], direction: 'from' | 'for') {
  const first = new Map<string, { readonly word: ExpandedArg; readonly block: unknown }>();
  for (const { rules, block } of blocks) {
    for (const word of rules) {
      const key = lookupAddress(word.value) ?? lookupDomain(word.value);
      if (key === null || key === '') continue;
      const earlier = first.get(key);
      if (earlier === undefined) first.set(key, { word, block });
      else if (earlier.block !== block) {
        yield report(code, word.origin, `mail ${direction} "${word.value}" never comes here`, {
          label: 'an earlier block takes it',
          details: ['The first block that names it takes its mail. Remove one of the two rules.'],
          related: [relatedAt(earlier.word.origin, 'this block takes it')],
        });
      }
    }
  }
}
