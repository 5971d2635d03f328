import type { ExpandedDirective } from '../expand/expanded.ts';
import { type Context, note, type PipelineInput } from './context.ts';
import type { Finding } from './finding.ts';
import type { AddressRule, Pipeline, Source, TableRule, Use } from './ir.ts';
import { lowerRules } from './match-rules.ts';
import {
  duplicateDefaultFinding,
  emptyFinding,
  missingDefaultFinding,
  mixedFinding,
  unknownInPipeline,
} from './pipeline-findings.ts';
import { lowerDmarc, lowerGroup } from './pipeline-members.ts';
import { lowerSource } from './pipeline-source.ts';
import { lowerUse } from './uses.ts';

const handlers: ReadonlySet<string> = new Set([
  'deliver_to',
  'reroute',
  'destination_in',
  'destination',
  'default_destination',
  'reject',
]);

/**
 * The body of a pipeline. Checks, modifiers and rules are read in the order of the file, then the handlers that stand at
 * the root, the default last, as maddy does it: so the findings come in maddy's order (pipeline.yaml, evaluation_order).
 */
export function lowerPipeline(context: Context, input: PipelineInput, out: Finding[]): Pipeline {
  const checks: Use[] = [];
  const modifiers: Use[] = [];
  const sourceTables: TableRule<Source>[] = [];
  const sources: AddressRule<Source>[] = [];
  const atRoot: ExpandedDirective[] = [];
  let dmarc = false;
  let rules = false;
  let fallback: ExpandedDirective | null = null;
  for (const directive of input.directives) {
    note(context, directive, { owner: { kind: 'pipeline', context: 'root' } });
    switch (directive.name) {
      case 'check':
        lowerGroup(context, directive, 'checks_group', checks, out);
        break;
      case 'modify':
        lowerGroup(context, directive, 'modifiers_group', modifiers, out);
        break;
      case 'dmarc':
        dmarc = lowerDmarc(directive, out) || dmarc;
        break;
      case 'source_in': {
        const table = lowerUse(context, { expects: 'table', directive, args: directive.args, block: null }, out);
        const block = lowerSource(context, directive, directive.block ?? [], false, out);
        if (table !== undefined) sourceTables.push({ header: directive, table, block });
        break;
      }
      case 'source': {
        rules = true;
        const block = lowerSource(context, directive, directive.block ?? [], false, out);
        sources.push({ header: directive, rules: lowerRules(directive, 'source', out), block });
        break;
      }
      case 'default_source':
        if (fallback?.block != null) out.push(duplicateDefaultFinding(directive, fallback));
        else fallback = directive;
        break;
      default:
        if (handlers.has(directive.name)) atRoot.push(directive);
        else out.push(unknownInPipeline(context, directive, 'root', input.siblings, input.header.name));
    }
  }
  const body = { checks, modifiers, dmarc, sourceTables, sources, header: input.header };
  return { ...body, defaultSource: lowerDefault(context, input, { rules, fallback, atRoot }, out) };
}

interface Levels {
  /** There are `source` rules; `source_in` does not count. */
  readonly rules: boolean;
  readonly fallback: ExpandedDirective | null;
  readonly atRoot: readonly ExpandedDirective[];
}

function lowerDefault(context: Context, input: PipelineInput, levels: Levels, out: Finding[]): Source {
  const { rules, fallback, atRoot } = levels;
  const children = fallback?.block ?? [];
  const [first] = atRoot;
  if (!rules && children.length === 0) {
    if (first === undefined) {
      out.push(emptyFinding(fallback ?? input.header, 'root'));
      return lowerSource(context, fallback ?? input.header, null, true, out);
    }
    return lowerSource(context, first, atRoot, true, out);
  }
  if (first !== undefined) {
    out.push(mixedFinding(first, 'source', rules));
    if (children.length === 0) return lowerSource(context, first, atRoot, true, out);
  }
  if (children.length === 0) {
    out.push(missingDefaultFinding(input.directives[0] ?? input.header, fallback, 'source'));
    return lowerSource(context, fallback ?? input.header, null, true, out);
  }
  return lowerSource(context, fallback ?? input.header, children, false, out);
}
