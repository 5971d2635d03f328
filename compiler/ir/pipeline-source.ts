import type { ExpandedDirective } from '../expand/expanded.ts';
import { type Context, note } from './context.ts';
import type { Finding } from './finding.ts';
import type { AddressRule, Destination, Source, TableRule, Use } from './ir.ts';
import { lowerRules } from './match-rules.ts';
import { lowerDestination } from './pipeline-destination.ts';
import {
  duplicateDefaultFinding,
  emptyFinding,
  missingDefaultFinding,
  mixedFinding,
  unknownInPipeline,
} from './pipeline-findings.ts';
import { lowerGroup } from './pipeline-members.ts';
import { lowerUse } from './uses.ts';

const handlers: ReadonlySet<string> = new Set(['deliver_to', 'reroute', 'reject']);

/** The body of `source`; null: it is known to be empty, which is said already. */
export function lowerSource(
  context: Context,
  header: ExpandedDirective,
  directives: readonly ExpandedDirective[] | null,
  implicit: boolean,
  out: Finding[],
): Source {
  const checks: Use[] = [];
  const modifiers: Use[] = [];
  const destinationTables: TableRule<Destination>[] = [];
  const destinations: AddressRule<Destination>[] = [];
  const atLevel: ExpandedDirective[] = [];
  let rules = false;
  let fallback: ExpandedDirective | null = null;
  for (const directive of directives ?? []) {
    if (!implicit) note(context, directive, { owner: { kind: 'pipeline', context: 'source' } });
    switch (directive.name) {
      case 'check':
        lowerGroup(context, directive, 'checks_group', checks, out);
        break;
      case 'modify':
        lowerGroup(context, directive, 'modifiers_group', modifiers, out);
        break;
      case 'destination_in': {
        const table = lowerUse(context, { expects: 'table', directive, args: directive.args, block: null }, out);
        const block = lowerDestination(context, directive, directive.block ?? [], false, out);
        if (table !== undefined) destinationTables.push({ header: directive, table, block });
        break;
      }
      case 'destination': {
        rules = true;
        const block = lowerDestination(context, directive, directive.block ?? [], false, out);
        destinations.push({ header: directive, rules: lowerRules(directive, 'destination', out), block });
        break;
      }
      case 'default_destination':
        if (fallback?.block != null) out.push(duplicateDefaultFinding(directive, fallback));
        else fallback = directive;
        break;
      default:
        if (handlers.has(directive.name)) atLevel.push(directive);
        else out.push(unknownInPipeline(context, directive, 'source'));
    }
  }
  const body = { header, implicit, checks, modifiers, destinationTables, destinations };
  const levels: Levels = {
    header,
    first: directives?.[0] ?? header,
    known: directives === null,
    rules,
    fallback,
    atLevel,
  };
  return { ...body, defaultDestination: lowerDefault(context, levels, out) };
}

interface Levels {
  readonly header: ExpandedDirective;
  readonly first: ExpandedDirective;
  /** That nothing is there is said already. */
  readonly known: boolean;
  readonly rules: boolean;
  readonly fallback: ExpandedDirective | null;
  readonly atLevel: readonly ExpandedDirective[];
}

function lowerDefault(context: Context, levels: Levels, out: Finding[]): Destination {
  const { rules, fallback, atLevel, header } = levels;
  const children = fallback?.block ?? [];
  const [first] = atLevel;
  if (!rules && children.length === 0) {
    if (first !== undefined) return lowerDestination(context, first, atLevel, true, out);
    if (!levels.known) out.push(emptyFinding(fallback ?? header, 'source'));
    return nowhere(fallback ?? header);
  }
  if (first !== undefined) {
    out.push(mixedFinding(first, 'destination', rules));
    if (children.length === 0) return lowerDestination(context, first, atLevel, true, out);
  }
  if (children.length === 0) {
    out.push(missingDefaultFinding(levels.first, fallback, 'destination'));
    return nowhere(fallback ?? header);
  }
  return lowerDestination(context, fallback ?? header, children, false, out);
}

function nowhere(header: ExpandedDirective): Destination {
  return { header, implicit: true, checks: [], modifiers: [], actions: [] };
}
