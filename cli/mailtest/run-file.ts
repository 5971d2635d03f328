import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Plan } from '../../compiler/index.ts';
import type { Coverage } from '../../compiler/mailtest/coverage.ts';
import {
  type FileProblem,
  type MailTestDocument,
  type MailTestReading,
  readMailTest,
} from '../../compiler/mailtest/read-mail-test.ts';
import type { CaseResult } from '../../compiler/mailtest/run-cases.ts';
import type { PolicyResult } from '../../compiler/mailtest/run-policies.ts';
import { type DnsGiven, runMailTest } from '../../compiler/mailtest/run-test.ts';
import type { MailCase, MailTest } from '../../compiler/mailtest/schema.ts';
import { macroDomains } from '../../compiler/routing/prove/local-domains.ts';
import { type Invocation, UsageError } from '../command.ts';
import { ConfigurationFile } from '../configuration.ts';
import { planOf } from '../load-plan.ts';

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
  /** Absolute paths that were asked for, there or not: a change of one of them may change the result. */
  readonly dependencies: readonly string[];
}

export interface RunOptions {
  readonly filter: RegExp | null;
}

export async function runTestFile(path: string, options: RunOptions, invocation: Invocation): Promise<FileResult> {
  const { cwd } = invocation.io;
  const own = resolve(cwd, path);
  const reading = readFile(own, path);
  let dependencies: readonly string[] = [own];
  const failed = (problems: readonly FileProblem[], configuration = ''): FileResult => ({
    ...{ path, document: null, configuration, plan: null, problems },
    ...{ cases: [], policies: [], coverage: null, dependencies },
  });
  if (!reading.ok) return failed(reading.problems);
  const { test, document } = reading;
  const configuration = configurationOf(path, test, cwd);
  const opened = await open(configuration, test, document, invocation);
  dependencies = [own, resolve(cwd, configuration)];
  if ('problem' in opened) return failed([opened.problem], configuration);
  const { file, within } = opened;
  const loaded = await planOf(file, within);
  const asked = (): readonly string[] => [own, ...file.host.asked.map((each) => resolve(cwd, each))];
  dependencies = asked();
  if (loaded === null) {
    const at = document.placeOf(['configuration']);
    return failed([{ message: `${configuration} has errors: see above`, at }], configuration);
  }
  const { plan, host, analysis } = loaded;
  const localDomains = analysis === null ? [] : macroDomains(analysis.expansion);
  const isWanted = (name: string): boolean => options.filter === null || options.filter.test(name);
  const run = await runMailTest(
    test,
    document,
    { plan, host, localDomains },
    {
      wantsCase: ({ name }) => isWanted(name),
      wantsPolicy: isWanted,
      judge: verdictsOf,
    },
  );
  dependencies = asked();
  if (run.problems.length > 0) return failed(run.problems, configuration);
  const { cases, policies } = run;
  const coverage = options.filter === null ? run.coverage : null;
  return { path, document, configuration, plan, problems: [], cases, policies, coverage, dependencies };
}

/** The server's checks come with it: only a test that gives DNS records needs them. */
async function verdictsOf(plan: Plan, mail: MailCase, records: DnsGiven): Promise<ReadonlyMap<string, string>> {
  const { dnsVerdicts } = await import('../../runtime/mailtest/dns-verdicts.ts');
  return dnsVerdicts(plan, mail, records);
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

interface OpenConfiguration {
  readonly file: ConfigurationFile;
  /** With the variables that the test gives. */
  readonly within: Invocation;
}

async function open(
  configuration: string,
  { environment = {} }: MailTest,
  document: MailTestDocument,
  invocation: Invocation,
): Promise<OpenConfiguration | { readonly problem: FileProblem }> {
  const { io } = invocation;
  if (!existsSync(resolve(io.cwd, configuration))) {
    const at = document.placeOf(['configuration']);
    return { problem: { message: `there is no ${configuration}; name the tested file by "configuration:"`, at } };
  }
  const within = { ...invocation, io: { ...io, env: { ...io.env, ...environment } } };
  return { file: await ConfigurationFile.open(configuration, within.io), within };
}
