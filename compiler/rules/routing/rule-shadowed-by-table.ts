import { diagnose } from '../../diagnostics/diagnose.ts';
import type { Code, Diagnostic } from '../../diagnostics/diagnostic.ts';
import { listener } from '../../ir/codes/sample.ts';
import { shortName } from '../../routing/explain/request.ts';
import type { RoutingModel } from '../../routing/prove/model.ts';
import type { Choice, RuledBlock } from '../../routing/routes.ts';
import type { SourceFile } from '../../source/source-file.ts';
import type { Rule } from '../rule.ts';
import { placeAt } from './place.ts';

const tabled = (key: string): string =>
  `table.chain blocked {\n    step static {\n        entry ${key} yes\n    }\n}\n${listener(
    'destination_in &blocked {\n    reject\n}\ndestination ann@example.org postmaster {\n    deliver_to dummy\n}\ndefault_destination {\n    reject\n}',
  )}`;

const code: Code = {
  code: 'M4102',
  name: 'rule-shadowed-by-table',
  severity: 'info',
  summary: 'a table is asked before this rule and takes its mail',
  page: () => ({
    docs: '`source_in` and `destination_in` are asked before all rules with addresses, wherever they stand in the block: a table that holds the address takes its mail. Remove the key from the table, or the rule.',
    invalid: tabled('ann@example.org'),
    valid: tabled('bob@example.org'),
  }),
};

export const ruleShadowedByTable: Rule = {
  code,
  *check({ routing, files }) {
    if (routing === null) return;
    for (const { sources } of routing.reach.pipelines) {
      if (sources.tables.length > 0) yield* shadowed(sources, routing, files);
      for (const { destinations } of sources.blocks) {
        if (destinations.tables.length > 0) yield* shadowed(destinations, routing, files);
      }
    }
  },
};

function* shadowed<Block>(
  { tables, addresses }: Choice<Block>,
  routing: RoutingModel,
  files: readonly SourceFile[],
): Iterable<Diagnostic> {
  for (const { table, at } of tables) {
    for (const [address, { rule }] of tablesHolds(addresses, (key) => routing.known(table, key))) {
      const place = placeAt(files, at);
      yield diagnose(code, `mail for "${address}" does not come to this rule`, placeAt(files, rule.at), {
        label: 'a table takes it',
        details: [
          `The table ${table.name ?? shortName(table)} is asked before all rules with addresses, and holds this one.`,
          'Remove the key from the table, or the rule.',
        ],
        related: place === null ? [] : [{ ...place, message: 'this table is asked first' }],
      });
    }
  }
}

function* tablesHolds<Block>(
  addresses: ReadonlyMap<string, RuledBlock<Block>>,
  lookUp: (key: string) => readonly string[] | null,
): Iterable<readonly [string, RuledBlock<Block>]> {
  for (const entry of addresses) if ((lookUp(entry[0])?.length ?? 0) > 0) yield entry;
}
