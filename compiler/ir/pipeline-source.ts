import type { ExpandedDirective } from '../expand/expanded.ts';
import type { Context } from './context.ts';
import type { Finding } from './finding.ts';
import type { Destination, Source } from './ir.ts';
import { lowerDestination } from './pipeline-destination.ts';
import { type LevelKind, readLevel } from './pipeline-level.ts';

const source: LevelKind<Destination> = {
  level: 'source',
  rule: 'destination',
  tableRule: 'destination_in',
  defaultRule: 'default_destination',
  meaning: { owner: { kind: 'pipeline', context: 'source' } },
  handlers: new Set(['deliver_to', 'reroute', 'reject']),
  lowerBody: lowerDestination,
};

/** The body of `source`; null: it is known to be empty, which is said already. */
export function lowerSource(
  context: Context,
  header: ExpandedDirective,
  directives: readonly ExpandedDirective[] | null,
  implicit: boolean,
  out: Finding[],
): Source {
  const input = { header, directives: directives ?? [], isKnownEmpty: directives === null, implicit, siblings: [] };
  const level = readLevel(context, source, input, out);
  return {
    header,
    implicit,
    checks: level.checks,
    modifiers: level.modifiers,
    destinationTables: level.tables,
    destinations: level.rules,
    defaultDestination: level.fallback,
  };
}
