import type { ExpandedDirective } from '../expand/expanded.ts';
import { missingDefault } from './codes/structure.ts';
import { type Context, note } from './context.ts';
import { type Finding, unsaid } from './finding.ts';
import type { AddressRule, Meaning, TableRule, Use } from './ir.ts';
import { lowerRules } from './match-rules.ts';
import {
  duplicateDefaultFinding,
  emptyFinding,
  missingDefaultFinding,
  mixedFinding,
  unknownInPipeline,
} from './pipeline-findings.ts';
import { lowerDmarc, lowerGroup } from './pipeline-members.ts';
import { lowerUse } from './uses.ts';

/** The two levels of a pipeline that hold rules: the root holds `source` rules, a source `destination` rules. */
export interface LevelKind<Body> {
  readonly level: 'root' | 'source';
  readonly rule: 'source' | 'destination';
  readonly tableRule: 'source_in' | 'destination_in';
  readonly defaultRule: 'default_source' | 'default_destination';
  readonly meaning: Meaning;
  /** What may stand in place of rules, and then is the default. */
  readonly handlers: ReadonlySet<string>;
  /** `directives` is null when it is known already that the body says nothing. */
  readonly lowerBody: (
    context: Context,
    header: ExpandedDirective,
    directives: readonly ExpandedDirective[] | null,
    implicit: boolean,
    out: Finding[],
  ) => Body;
}

export interface LevelInput {
  readonly header: ExpandedDirective;
  readonly directives: readonly ExpandedDirective[];
  /** That nothing stands here is said already. */
  readonly isKnownEmpty: boolean;
  /** The directives are those of the level above, which stand in for this one. */
  readonly implicit: boolean;
  /** Other directives that could stand here, for suggestions. */
  readonly siblings: readonly string[];
}

export interface Level<Body> {
  readonly checks: readonly Use[];
  readonly modifiers: readonly Use[];
  readonly dmarc: boolean;
  readonly tables: readonly TableRule<Body>[];
  readonly rules: readonly AddressRule<Body>[];
  readonly fallback: Body;
}

/**
 * Checks, modifiers and rules in the order of the file, then what stands in place of rules, the default last: as maddy does
 * it, so that the findings come in its order (pipeline.yaml, evaluation_order).
 */
export function readLevel<Body>(
  context: Context,
  kind: LevelKind<Body>,
  input: LevelInput,
  out: Finding[],
): Level<Body> {
  const checks: Use[] = [];
  const modifiers: Use[] = [];
  const tables: TableRule<Body>[] = [];
  const rules: AddressRule<Body>[] = [];
  const handlers: ExpandedDirective[] = [];
  let dmarc = false;
  let fallback: ExpandedDirective | null = null;
  let misspelt = false;
  for (const directive of input.directives) {
    if (!input.implicit) note(context, directive, kind.meaning);
    const { name } = directive;
    if (name === 'check') lowerGroup(context, directive, 'checks_group', checks, out);
    else if (name === 'modify') lowerGroup(context, directive, 'modifiers_group', modifiers, out);
    else if (name === 'dmarc' && kind.level === 'root') dmarc = lowerDmarc(directive, out) || dmarc;
    else if (name === kind.tableRule) {
      const table = lowerUse(context, { expects: 'table', directive, args: directive.args, block: null }, out);
      const block = kind.lowerBody(context, directive, directive.block ?? [], false, out);
      if (table !== undefined) tables.push({ header: directive, table, block });
    } else if (name === kind.rule) {
      const block = kind.lowerBody(context, directive, directive.block ?? [], false, out);
      rules.push({ header: directive, rules: lowerRules(directive, kind.rule, out), block });
    } else if (name === kind.defaultRule) {
      // One without braces does not count (pipeline.yaml, not_detected).
      if (fallback?.block != null) out.push(duplicateDefaultFinding(directive, fallback));
      else fallback = directive;
    } else if (kind.handlers.has(name)) handlers.push(directive);
    else {
      context.unread.add(directive);
      const unknown = unknownInPipeline(context, directive, kind.level, input.siblings, input.header.name);
      misspelt ||= unknown.diagnostic.fixes.length > 0;
      out.push(unknown);
    }
  }
  const found = { rules: rules.length > 0, fallback, handlers, misspelt };
  return { checks, modifiers, dmarc, tables, rules, fallback: lowerFallback(context, kind, input, found, out) };
}

interface Found {
  /** There are rules with addresses; tables do not count. */
  readonly rules: boolean;
  readonly fallback: ExpandedDirective | null;
  readonly handlers: readonly ExpandedDirective[];
  /** What is missing is probably there, under a wrong name. */
  readonly misspelt: boolean;
}

function lowerFallback<Body>(
  context: Context,
  kind: LevelKind<Body>,
  input: LevelInput,
  { rules, fallback, handlers, misspelt }: Found,
  out: Finding[],
): Body {
  const children = fallback?.block ?? [];
  const header = fallback ?? input.header;
  const [first] = handlers;
  const decided = rules || children.length > 0;
  if (decided && first !== undefined) out.push(mixedFinding(first, kind.rule, rules));
  if (children.length > 0) return kind.lowerBody(context, header, children, false, out);
  if (first !== undefined) {
    const inner: Finding[] = [];
    const implied = kind.lowerBody(context, first, handlers, true, inner);
    const follows = ({ diagnostic }: Finding): boolean => misspelt && diagnostic.code === missingDefault;
    for (const each of inner) out.push(follows(each) ? unsaid(each) : each);
    return implied;
  }
  const missing = decided
    ? missingDefaultFinding(input.directives[0] ?? input.header, fallback, kind.rule)
    : emptyFinding(header, kind.level);
  if (decided || !input.isKnownEmpty) out.push(misspelt ? unsaid(missing) : missing);
  return kind.lowerBody(context, header, null, true, out);
}
