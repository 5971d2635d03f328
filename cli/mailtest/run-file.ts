import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { buildGraph } from '../../compiler/graph/build-graph.ts';
import type { Plan } from '../../compiler/index.ts';
import { type Coverage, coverageOf } from '../../compiler/mailtest/coverage.ts';
import {
  type FileProblem,
  type MailTestDocument,
  type MailTestReading,
  readMailTest,
} from '../../compiler/mailtest/read-mail-test.ts';
import { type CaseResult, runCase } from '../../compiler/mailtest/run-cases.ts';
import { type PolicyResult, runPolicy } from '../../compiler/mailtest/run-policies.ts';
import type { Given, MailCase, MailTest } from '../../compiler/mailtest/schema.ts';
import { givenProblems, type ModuleNames, moduleNames, supposed } from '../../compiler/mailtest/suppositions.ts';
import { macroDomains } from '../../compiler/routing/prove/local-domains.ts';
import { RoutingModel } from '../../compiler/routing/prove/model.ts';
import { regexpLookup } from '../../compiler/routing/tables/regexp.ts';
import { type Invocation, UsageError } from '../command.ts';
import { type LoadedPlan, loadPlan } from '../load-plan.ts';

/** What came of one test file. */
export interface FileResult {
  readonly path: string;
  readonly document: MailTestDocument | null;
  /** The tested configuration, as shown. */
  readonly configuration: string;
  /** Null when it has errors. */
  readonly plan: Plan | null;
  /** The file itself is wrong: nothing ran. */
  readonly problems: readonly FileProblem[];
  readonly cases: readonly CaseResult[];
  readonly policies: readonly PolicyResult[];
  /** Null when only some cases ran. */
  readonly coverage: Coverage | null;
}

export interface RunOptions {
  readonly filter: RegExp | null;
}

export async function runTestFile(path: string, options: RunOptions, invocation: Invocation): Promise<FileResult> {
  const reading = readFile(resolve(invocation.io.cwd, path), path);
  const failed = (problems: readonly FileProblem[], configuration = ''): FileResult => ({
    ...{ path, document: null, configuration, plan: null, problems },
    ...{ cases: [], policies: [], coverage: null },
  });
  if (!reading.ok) return failed(reading.problems);
  const { test, document } = reading;
  const configuration = configurationOf(path, test, invocation.io.cwd);
  const loaded = await load(configuration, test, document, invocation);
  if ('problem' in loaded) return failed([loaded.problem], configuration);
  const names = moduleNames(loaded.plan);
  const problems = namesProblems(test, names, document);
  if (problems.length > 0) return failed(problems, configuration);
  const isWanted = (name: string): boolean => options.filter === null || options.filter.test(name);
  const given = test.given ?? {};
  const { plan, host } = loaded;
  const cases: CaseResult[] = [];
  for (const [index, mail] of (test.cases ?? []).entries()) {
    if (!isWanted(mail.name)) continue;
    const records = { ...given.dns, ...mail.given?.dns };
    const byDns = Object.keys(records).length === 0 ? new Map() : await verdictsOf(plan, mail, records);
    cases.push(runCase({ plan, host, given, byDns }, mail, index));
  }
  return {
    ...{ path, document, configuration, plan, problems: [], cases },
    policies: runPolicies(test, loaded, isWanted),
    coverage: options.filter === null ? coverageOf(buildGraph(plan), cases) : null,
  };
}

/** The server's checks come with it: only a test that gives DNS records needs them. */
async function verdictsOf(
  plan: Plan,
  mail: MailCase,
  records: NonNullable<Given['dns']>,
): Promise<ReadonlyMap<string, string>> {
  const { dnsVerdicts } = await import('./dns-verdicts.ts');
  return dnsVerdicts(plan, mail, records);
}

function runPolicies(
  { policies = [], given = {} }: MailTest,
  { plan, host, analysis }: LoadedPlan,
  isWanted: (name: string) => boolean,
): readonly PolicyResult[] {
  const wanted = [...policies.entries()].filter(([, policy]) =>
    isWanted(typeof policy === 'string' ? policy : policy.name),
  );
  if (wanted.length === 0) return [];
  const localDomains = analysis === null ? [] : macroDomains(analysis.expansion);
  const model = new RoutingModel(plan, host, {
    localDomains,
    regexps: regexpLookup,
    suppositions: supposed(given, {}, new Map()),
  });
  return wanted.map(([index, policy]) => runPolicy(model, policy, index));
}

function readFile(absolute: string, path: string): MailTestReading {
  let text: string;
  try {
    text = readFileSync(absolute, 'utf8');
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  return readMailTest(text);
}

/** Beside the test file unless it says otherwise. */
function configurationOf(path: string, { configuration }: MailTest, cwd: string): string {
  if (configuration !== undefined) return join(dirname(path), configuration);
  const own = path.replace(/\.mailtest\.ya?ml$/, '.conf');
  return own !== path && existsSync(resolve(cwd, own)) ? own : join(dirname(path), 'maddy.conf');
}

async function load(
  configuration: string,
  { environment = {} }: MailTest,
  document: MailTestDocument,
  invocation: Invocation,
): Promise<LoadedPlan | { readonly problem: FileProblem }> {
  const { io } = invocation;
  const at = document.placeOf(['configuration']);
  const isThere = existsSync(resolve(io.cwd, configuration));
  if (!isThere) {
    return { problem: { message: `there is no ${configuration}; name the tested file by "configuration:"`, at } };
  }
  const env = { ...io.env, ...environment };
  const loaded = await loadPlan(configuration, { ...invocation, io: { ...io, env } });
  return loaded ?? { problem: { message: `${configuration} has errors: see above`, at } };
}

function namesProblems(test: MailTest, names: ModuleNames, document: MailTestDocument): readonly FileProblem[] {
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
