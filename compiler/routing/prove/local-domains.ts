import type { Argument, Directive } from '../../expand/directive.ts';
import type { Expansion } from '../../expand/expand.ts';
import { type Step, stepOf } from '../../expand/trail.ts';
import type { Plan } from '../../plan/plan.ts';
import { lookupDomain } from '../../text/domain.ts';
import { compileRoutes } from '../compile-routes.ts';
import type { DestinationBlock, Pipeline, RoutedModule } from '../routes.ts';
import { type Reach, reachOf } from './reach.ts';

const macros: ReadonlySet<string> = new Set(['local_domains', 'primary_domain']);

/**
 * Domains that `$(local_domains)` or `$(primary_domain)` stand for (R10): where one of them is a word of its own its variables of the
 * environment are known, elsewhere (`postmaster@$(primary_domain)`) the declaration says it.
 */
export function macroDomains(
  { directives, sources }: Pick<Expansion, 'directives' | 'sources'>,
  kept: WeakMap<Directive, readonly string[]> | null = null,
): readonly string[] {
  const found = new Set<string>();
  const add = (value: string): void => {
    const domain = lookupDomain(value);
    if (domain !== null && domain !== '' && /^[^@/{}\s]+$/.test(domain)) found.add(domain);
  };
  for (const directive of directives) {
    if (!directive.mayBorrow) continue;
    let words = kept?.get(directive);
    if (words === undefined) {
      words = [...wholeMacrosIn(directive, new Set())];
      kept?.set(directive, words);
    }
    for (const word of words) if (!found.has(word)) add(word);
  }
  for (const source of sources) for (const name of macros) source.valuesOfMacro(name)?.forEach(add);
  return [...found];
}

/** Both of the above and below, each domain once: those of the macros first. */
export function localDomainsOf(expansion: Pick<Expansion, 'directives' | 'sources'>, plan: Plan): readonly string[] {
  return [...new Set([...macroDomains(expansion), ...ruledDomains(reachOf(compileRoutes(plan)))])];
}

/** Words that one of the macros stands for, in the order of the file. */
function wholeMacrosIn({ args, block }: Directive, found: Set<string>): ReadonlySet<string> {
  for (const arg of args) if (isWholeMacro(arg)) found.add(arg.value);
  for (const inside of block ?? []) if (inside.mayBorrow) wholeMacrosIn(inside, found);
  return found;
}

/** It is what one of the macros stands for, all of it. */
function isWholeMacro({ trail }: Argument): boolean {
  const step = stepOf(trail, namesDomains);
  if (step === null) return false;
  const { file, start, end } = step;
  return isBlank(file.text, start - 1) && isBlank(file.text, end);
}

function namesDomains({ kind, name }: Step): boolean {
  return kind === 'macro' && macros.has(name);
}

function isBlank(text: string, at: number): boolean {
  return at < 0 || /^\s?$/.test(text.charAt(at));
}

/** Domains of the rules that lead to a local target (R10). */
export function ruledDomains({ pipelines }: Reach): readonly string[] {
  const found = new Set<string>();
  const known = new Map<Pipeline | RoutedModule, boolean>();
  for (const pipeline of pipelines) {
    for (const source of pipeline.sources.blocks) {
      for (const [domain, { block }] of source.destinations.domains) {
        if (keepsMail(block, known)) found.add(domain);
      }
    }
  }
  return [...found];
}

function keepsMail(block: DestinationBlock, known: Map<Pipeline | RoutedModule, boolean>): boolean {
  return block.deliveries.some(({ target, pipeline }) =>
    target === null ? pipelineKeeps(pipeline, known) : targetKeeps(target, known),
  );
}

function targetKeeps(target: RoutedModule, known: Map<Pipeline | RoutedModule, boolean>): boolean {
  const answer = known.get(target);
  if (answer !== undefined) return answer;
  // Of a cycle, nothing more is learnt.
  known.set(target, false);
  const keeps =
    target.pipeline !== null
      ? pipelineKeeps(target.pipeline, known)
      : target.queue !== null
        ? targetKeeps(target.queue.target, known)
        : target.scope === 'local';
  known.set(target, keeps);
  return keeps;
}

/** Only what is always taken there: rules inside speak for themselves. */
function pipelineKeeps(pipeline: Pipeline, known: Map<Pipeline | RoutedModule, boolean>): boolean {
  const answer = known.get(pipeline);
  if (answer !== undefined) return answer;
  known.set(pipeline, false);
  const keeps = keepsMail(pipeline.sources.fallback.destinations.fallback, known);
  known.set(pipeline, keeps);
  return keeps;
}
