import type { PlanEndpoint } from '../plan/plan.ts';
import { shortName } from '../routing/explain/request.ts';
import { isFields, isUse, textAt, textsAt } from '../routing/plan-values.ts';
import type { Modifiers, Pipeline, RoutedModule, RoutedUse } from '../routing/routes.ts';

/** As configurations write it: `&name`, or the module's short name. */
export function nameOf({ name, module }: Pick<RoutedModule, 'name' | 'module'>): string {
  return name === null ? shortName({ module }) : `&${name}`;
}

/** Checks and modifiers of a block, one a line. */
export function handlerWords(checks: readonly RoutedUse[], modifiers: Modifiers): readonly string[] {
  const names = checks.map(({ module }) => nameOf(module));
  return [
    ...(names.length === 0 ? [] : [`check ${names.join(', ')}`]),
    ...[...modifiers.sender, ...modifiers.recipient].map(({ module, table }) => rewritingWords(module, table)),
    ...modifiers.body.map(({ module }) => `modify ${nameOf(module)}`),
  ];
}

function rewritingWords(module: RoutedModule, table: RoutedModule): string {
  const file = table.name === null ? textAt(table.plan.config, 'file') : null;
  return `${module.name === null ? shortName(module) : nameOf(module)} ${nameOf(table)}${file === null ? '' : ` ${file}`}`;
}

export function pipelineWords({ checks, modifiers, dmarc }: Pipeline): readonly string[] {
  return [...handlerWords(checks, modifiers), ...(dmarc ? ['dmarc'] : [])];
}

/** Who may log in, and whether the line is encrypted. */
export function endpointWords({ config }: PlanEndpoint): readonly string[] {
  const auth = Array.isArray(config.auth) ? config.auth : [config.auth];
  const names = auth.filter(isUse).map((use) => ('use' in use ? `&${use.use}` : shortName(use)));
  const tls = config.tls;
  return [
    ...(names.length === 0 ? [] : [`login: ${names.join(', ')}`]),
    ...(isFields(tls) && tls.enabled === false ? ['no TLS'] : []),
  ];
}

/** Where a target leads. */
export function targetWords({ module, plan: { config } }: RoutedModule): readonly string[] {
  const targets = textsAt(config, 'targets') ?? [];
  if (targets.length > 0) return targets;
  return [module === 'target.remote' ? "MX of the recipient's domain" : module];
}

export function queueWords({ plan: { config } }: RoutedModule): readonly string[] {
  const tries = config.max_tries;
  return typeof tries === 'number' ? [`up to ${tries} tries`] : [];
}
