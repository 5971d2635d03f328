import type { Host } from '../../host.ts';
import type { Plan, PlanEndpoint } from '../../plan/plan.ts';
import { compileRoutes } from '../compile-routes.ts';
import { regexpLookup } from '../tables/regexp.ts';
import { CheckAnswers } from './checks.ts';
import { type RecipientTrace, runEnvelope } from './envelope-run.ts';
import { explore } from './explore.ts';
import { representatives } from './representatives.ts';
import {
  type Fate,
  type RecipientRoute,
  type RouteExplanation,
  type RouteRequest,
  type Suppositions,
  shortName,
} from './request.ts';
import { assumptionText, TableAnswers, type TableAssumption } from './table-answers.ts';
import { KnownTables } from './tables.ts';

/** Branches that are looked at before the answer says that there are more. */
const mostBranches = 64;

export type ExplainResult =
  | ({ readonly ok: true } & RouteExplanation)
  /** There is no such endpoint; `endpoints` are those that take mail, as `NAME ADDRESS`. */
  | { readonly ok: false; readonly endpoints: readonly string[] };

/**
 * Where the mail of an envelope goes, recipient by recipient: by the router that the server runs, over static tables and
 * table files of the snapshot. Checks pass unless the suppositions say otherwise; tables that only a running server can ask
 * branch.
 */
export function explainRoute(plan: Plan, request: RouteRequest, suppositions: Suppositions, host: Host): ExplainResult {
  const routes = compileRoutes(plan);
  const index = findEndpoint(plan, request);
  const endpoint = plan.endpoints[index];
  const pipeline = routes.endpoints[index];
  if (endpoint === undefined || pipeline === undefined || pipeline === null) {
    return { ok: false, endpoints: plan.endpoints.filter(takesMail).flatMap(endpointNames) };
  }
  const tables = new KnownTables(plan, routes, host, regexpLookup);
  const answers = new TableAnswers(tables, suppositions, () => representatives(plan));
  const exploration = explore((oracle) => {
    const assumed: TableAssumption[] = [];
    const checks = new CheckAnswers({
      routes,
      suppositions,
      auth: request.auth,
      knownValues: (table, key) => answers.known(table, key),
    });
    const ask = answers.askedBy(oracle, assumed);
    const traces = runEnvelope({ checks, ask, tellsPassedOver: true }, endpoint, pipeline, request);
    return { traces, assumptions: [...new Set(assumed.map(assumptionText))], dmarc: checks.dmarc };
  }, mostBranches);
  return {
    ok: true,
    endpoint: endpointName(endpoint, request.endpoint),
    at: endpoint.at,
    recipients: request.to.map((to, at) => mergeBranches(to, request, branchesOf(exploration.results, at))),
    missing: [...tables.missing],
    complete: exploration.complete,
  };
}

export function takesMail(endpoint: PlanEndpoint): boolean {
  return endpoint.pipeline !== undefined;
}

export function endpointNames(endpoint: PlanEndpoint): readonly string[] {
  return endpoint.addresses.length === 0
    ? [endpoint.module]
    : endpoint.addresses.map((address) => `${endpoint.module} ${address}`);
}

function endpointName(endpoint: PlanEndpoint, asked: string | null): string {
  const names = endpointNames(endpoint);
  return names.find((name) => name === asked) ?? names[0] ?? endpoint.module;
}

/** Without a wish: submission for somebody who is logged in, smtp otherwise, or whatever there is. */
function findEndpoint(plan: Plan, request: RouteRequest): number {
  const { endpoint: wish, auth } = request;
  const find = (matches: (endpoint: PlanEndpoint) => boolean) =>
    plan.endpoints.findIndex((endpoint) => takesMail(endpoint) && matches(endpoint));
  if (wish !== null) return find((endpoint) => endpoint.module === wish || endpointNames(endpoint).includes(wish));
  const fitting = find((endpoint) => endpoint.module === (auth === null ? 'smtp' : 'submission'));
  return fitting === -1 ? find(() => true) : fitting;
}

interface Branch {
  readonly trace: RecipientTrace;
  readonly assumptions: readonly string[];
  /** What DMARC was supposed to say; null where it was not asked. */
  readonly dmarc: string | null;
}

function branchesOf(
  results: readonly (Omit<Branch, 'trace'> & { readonly traces: readonly RecipientTrace[] })[],
  at: number,
): readonly Branch[] {
  return results.flatMap(({ traces, ...branch }) => {
    const trace = traces[at];
    return trace === undefined ? [] : [{ ...branch, trace }];
  });
}

function mergeBranches(to: string, request: RouteRequest, branches: readonly Branch[]): RecipientRoute {
  const first = branches[0];
  if (first === undefined) throw new Error('a route has at least one branch');
  const byFate = new Map<string, Branch>();
  for (const branch of branches) {
    const fate = JSON.stringify(fateOf(branch.trace));
    if (!byFate.has(fate)) byFate.set(fate, branch);
  }
  const { steps, ...fate } = first.trace;
  const assumptions = commonAssumptions(request, first);
  if (byFate.size === 1) return { to, ...fate, steps, assumptions, branches: [] };
  return {
    to,
    ...fate,
    outcome: 'depends',
    steps,
    assumptions: [...assumptions, ...first.assumptions],
    branches: [...byFate.values()].map(({ trace, assumptions }) => ({ ...fateOf(trace), assumptions })),
  };
}

/** What every branch takes as given: the login, and what checks say. */
function commonAssumptions({ auth }: RouteRequest, { trace, dmarc }: Branch): readonly string[] {
  const checks = trace.steps.flatMap((step) =>
    step.kind === 'check' && step.assumed !== null
      ? [`${step.module.name ?? shortName(step.module)} ${assumedWords(step.assumed)}`]
      : [],
  );
  // Who is refused before has no content that DMARC could be asked about.
  const isJudged = dmarc !== null && (trace.stage === null || trace.stage === 'data');
  if (isJudged) checks.push(`dmarc ${assumedWords(dmarc)}`);
  return [...(auth === null ? [] : [`${auth} logs in`]), ...new Set(checks)];
}

function assumedWords(verdict: string): string {
  return verdict === 'pass' ? 'passes' : verdict === 'fail' ? 'fails' : `says ${verdict}`;
}

function fateOf({ outcome, deliveries, reply, stage, quarantined }: RecipientTrace): Fate {
  return { outcome, deliveries, reply, stage, quarantined };
}
