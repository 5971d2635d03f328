import { buildGraph } from '../graph/build-graph.ts';
import type { Host } from '../host.ts';
import type { Plan } from '../plan/plan.ts';
import { RoutingModel } from '../routing/prove/model.ts';
import { regexpLookup } from '../routing/tables/regexp.ts';
import { type Coverage, coverageOf } from './coverage.ts';
import type { FileProblem, MailTestDocument } from './read-mail-test.ts';
import { type CaseResult, runCase } from './run-cases.ts';
import { type PolicyResult, runPolicy } from './run-policies.ts';
import type { Given, MailCase, MailTest } from './schema.ts';
import { givenProblems, moduleNames, supposed } from './suppositions.ts';

/** The tested configuration. */
export interface TestedConfiguration {
  readonly plan: Plan;
  readonly host: Host;
  /** Domains whose mail stays here, as far as macros say. */
  readonly localDomains: readonly string[];
}

export interface TestChoice {
  /** By its index in the file. */
  readonly wantsCase: (mail: MailCase, index: number) => boolean;
  readonly wantsPolicy: (name: string, index: number) => boolean;
  /** What checks say by DNS records; null when nobody here can tell: such cases are left out. */
  readonly judge: DnsJudge | null;
}

export type DnsGiven = NonNullable<Given['dns']>;

/** Words of `check-verdicts.ts` by block name or full module name. */
export type DnsJudge = (plan: Plan, mail: MailCase, records: DnsGiven) => Promise<ReadonlyMap<string, string>>;

export interface TestRun {
  /** Names that the configuration does not have: nothing ran. */
  readonly problems: readonly FileProblem[];
  readonly cases: readonly CaseResult[];
  /** Indices of cases that nobody here can judge. */
  readonly skipped: readonly number[];
  readonly policies: readonly PolicyResult[];
  /** Null when some cases did not run. */
  readonly coverage: Coverage | null;
}

/** Takes the messages of a test file through a configuration, and proves its policies. */
export async function runMailTest(
  test: MailTest,
  document: MailTestDocument,
  configuration: TestedConfiguration,
  choice: TestChoice,
): Promise<TestRun> {
  const { plan, host, localDomains } = configuration;
  const problems = namesProblems(test, plan, document);
  if (problems.length > 0) return { problems, cases: [], skipped: [], policies: [], coverage: null };
  const given = test.given ?? {};
  const all = test.cases ?? [];
  const cases: CaseResult[] = [];
  const skipped: number[] = [];
  for (const [index, mail] of all.entries()) {
    if (!choice.wantsCase(mail, index)) continue;
    const records = { ...given.dns, ...mail.given?.dns };
    const needsDns = Object.keys(records).length > 0;
    if (needsDns && choice.judge === null) {
      skipped.push(index);
      continue;
    }
    const byDns = needsDns && choice.judge !== null ? await choice.judge(plan, mail, records) : new Map();
    cases.push(runCase({ plan, host, given, byDns }, mail, index));
  }
  const policies = [...(test.policies ?? []).entries()].filter(([index, policy]) =>
    choice.wantsPolicy(typeof policy === 'string' ? policy : policy.name, index),
  );
  const suppositions = supposed(given, {}, new Map());
  const model =
    policies.length === 0 ? null : new RoutingModel(plan, host, { localDomains, regexps: regexpLookup, suppositions });
  return {
    problems: [],
    cases,
    skipped,
    policies: model === null ? [] : policies.map(([index, policy]) => runPolicy(model, policy, index)),
    coverage: cases.length === all.length ? coverageOf(buildGraph(plan), cases) : null,
  };
}

export function casePassed({ mismatches }: CaseResult): boolean {
  return mismatches.length === 0;
}

/** A policy about mail that cannot be is a mistake of its author; one that was not decided is not kept. */
export function policyPassed({ verdict }: PolicyResult): boolean {
  return verdict === 'holds';
}

function namesProblems(test: MailTest, plan: Plan, document: MailTestDocument): readonly FileProblem[] {
  const names = moduleNames(plan);
  const problemsOf = (given: Given | undefined, above: readonly (string | number)[]): readonly FileProblem[] =>
    givenProblems(names, given ?? {}).map(({ path, message }) => ({
      message,
      at: document.placeOf([...above, 'given', ...path]),
    }));
  return [
    ...problemsOf(test.given, []),
    ...(test.cases ?? []).flatMap(({ given }, index) => problemsOf(given, ['cases', index])),
  ];
}
