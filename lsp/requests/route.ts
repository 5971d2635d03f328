import type { ExplainResult } from '../../compiler/routing/explain/explain-route.ts';
import type { DocumentParams } from '../protocol.ts';
import { type RouteAnswer, type RouteFormAnswer, type RouteParams, routeFormMethod, routeMethod } from '../protocol.ts';
import type { Session } from '../session.ts';
import { aboutPlan, answered, onAsk, type Planned, refusal } from './answer.ts';

/** Where a message goes. What follows mail is loaded by the first who asks for it. */
export function registerRoute(session: Session): void {
  onAsk(session, routeMethod, async (params: RouteParams): Promise<RouteAnswer> => {
    const { routeToJson } = await import('../../compiler/routing/explain/route-json.ts');
    const { routeToText } = await import('../../compiler/routing/explain/route-text.ts');
    const explain = await loadExplainer();
    return aboutPlan(session, params.uri, (planned): RouteAnswer => {
      const result = explain(planned, params);
      if (!result.ok) return refusal(endpointRefusal(params, result.endpoints), []);
      return {
        ...answered(planned),
        route: routeToJson(planned.plan, result),
        text: routeToText(planned.plan, result, { marks: true, options: false }),
      };
    });
  });
  onAsk(session, routeFormMethod, async ({ uri }: DocumentParams): Promise<RouteFormAnswer> => {
    const engine = await loadFormEngine();
    return aboutPlan(session, uri, (planned) => formOf(engine, planned));
  });
}

export type Explainer = (planned: Planned, params: Omit<RouteParams, 'uri'>) => ExplainResult;

export async function loadExplainer(): Promise<Explainer> {
  const { explainRoute } = await import('../../compiler/routing/explain/explain-route.ts');
  return ({ plan, analysis }, params) => {
    const { endpoint = null, ip = null, auth = null, from, to, smtputf8 = null, checks = {}, tables = {} } = params;
    const suppositions = {
      checks: new Map(Object.entries(checks)),
      tables: new Map(Object.entries(tables).map(([name, answers]) => [name, new Map(Object.entries(answers))])),
    };
    return explainRoute(plan, { endpoint, ip, auth, from, to, smtputf8 }, suppositions, analysis.host);
  };
}

export function endpointRefusal({ endpoint }: Pick<RouteParams, 'endpoint'>, known: readonly string[]): string {
  const names = known.length === 0 ? 'the configuration takes no mail' : `it has: ${known.join(', ')}`;
  return endpoint === undefined || endpoint === null ? names : `there is no endpoint "${endpoint}"; ${names}`;
}

async function loadFormEngine() {
  const { endpointNames, takesMail } = await import('../../compiler/routing/explain/explain-route.ts');
  const { checksBehind } = await import('../../compiler/routing/explain/endpoint-checks.ts');
  const { compileRoutes } = await import('../../compiler/routing/compile-routes.ts');
  const { localDomainsOf } = await import('../../compiler/routing/prove/local-domains.ts');
  const { takesLogins } = await import('../../compiler/routing/prove/model.ts');
  const { moduleNames } = await import('../../compiler/mailtest/suppositions.ts');
  return { endpointNames, takesMail, checksBehind, compileRoutes, localDomainsOf, takesLogins, moduleNames };
}

function formOf(engine: Awaited<ReturnType<typeof loadFormEngine>>, planned: Planned): RouteFormAnswer {
  const { endpointNames, takesMail, checksBehind, compileRoutes, localDomainsOf, takesLogins, moduleNames } = engine;
  const { plan, compiled } = planned;
  const routes = compileRoutes(plan);
  const modules = [...moduleNames(plan)];
  // Each by one of its names: that of its block, or the short one.
  const named = (matches: (module: string) => boolean): string[] =>
    modules
      .filter(([name, { module }]) => matches(module) && (name === module ? !module.includes('.') : true))
      .map(([name]) => name);
  return {
    ...answered(planned),
    endpoints: plan.endpoints.flatMap((endpoint, at) => {
      const pipeline = routes.endpoints[at] ?? null;
      if (!takesMail(endpoint) || pipeline === null) return [];
      const about = {
        protocol: endpoint.module,
        takesLogins: takesLogins(endpoint),
        checks: checksBehind(pipeline),
      };
      return endpointNames(endpoint).map((name) => ({ name, ...about }));
    }),
    localDomains: localDomainsOf(compiled.expansion, plan),
    tables: named((module) => module.startsWith('table.') || module === 'auth.pass_table'),
  };
}
