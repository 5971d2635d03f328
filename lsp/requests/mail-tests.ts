import type { Position } from 'vscode-languageserver';
import type { CoveredBlock } from '../../compiler/mailtest/coverage.ts';
import type { FileProblem, MailTestReading } from '../../compiler/mailtest/read-mail-test.ts';
import type { MailTest } from '../../compiler/mailtest/schema.ts';
import { decodeText } from '../../grammar/encoding.ts';
import {
  type MailTestOutlineAnswer,
  type MailTestParams,
  type MailTestProblem,
  mailTestOutlineMethod,
  type RunMailTestAnswer,
  type RunMailTestParams,
  runMailTestMethod,
} from '../protocol.ts';
import type { Session } from '../session.ts';
import type { Analysis } from '../workspace/analysis-cache.ts';
import { beside, normalUri } from '../workspace/locations.ts';
import { errorCount, onAsk } from './answer.ts';

/** `*.mailtest.yaml`: what is in it, and what comes of it. The engine is loaded by the first who asks for it. */
export function registerMailTests(session: Session): void {
  onAsk(session, mailTestOutlineMethod, async (params: MailTestParams): Promise<MailTestOutlineAnswer> => {
    const reading = await read(session, params);
    if (!reading.ok) return { problems: reading.problems.map(problemOf), cases: [], policies: [] };
    const { test, document } = reading;
    const placed = (list: 'cases' | 'policies') => (name: string, index: number) => ({
      name,
      index,
      position: positionOf(document.placeOf([list, index])),
    });
    return {
      problems: [],
      cases: (test.cases ?? []).map(({ name }) => name).map(placed('cases')),
      policies: (test.policies ?? [])
        .map((each) => (typeof each === 'string' ? each : each.name))
        .map(placed('policies')),
    };
  });
  onAsk(session, runMailTestMethod, (params: RunMailTestParams) => run(session, params));
}

const nothing = { cases: [], policies: [], coverage: null };

async function run(session: Session, params: RunMailTestParams): Promise<RunMailTestAnswer> {
  const reading = await read(session, params);
  if (!reading.ok) return { ...nothing, configuration: null, problems: reading.problems.map(problemOf) };
  const { test, document } = reading;
  const { casePassed, policyPassed, runMailTest } = await import('../../compiler/mailtest/run-test.ts');
  const { macroDomains } = await import('../../compiler/routing/prove/local-domains.ts');
  const analysis = await testedBy(session, normalUri(params.uri), test);
  const configuration = analysis.main;
  const failed = (message: string): RunMailTestAnswer => {
    const problem = { message, position: positionOf(document.placeOf(['configuration'])) };
    return { ...nothing, configuration, problems: [problem] };
  };
  const compiled = test.environment === undefined ? analysis.resolved() : analysis.resolvedWith(test.environment);
  if (compiled === null || compiled.files.length === 0) {
    return failed(`${configuration} cannot be read; name the tested file by "configuration:"`);
  }
  const { plan, diagnostics } = compiled.plan(`maddyc ${session.version}`);
  if (plan === null) return failed(`${errorCount(diagnostics.length)}: ${diagnostics[0]?.message ?? ''}`);
  const localDomains = macroDomains(compiled.expansion);
  const all = params.cases === undefined && params.policies === undefined;
  const result = await runMailTest(
    test,
    document,
    { plan, host: analysis.host, localDomains },
    {
      wantsCase: (_, index) => all || params.cases?.includes(index) === true,
      wantsPolicy: (_, index) => all || params.policies?.includes(index) === true,
      judge: session.judgeByDns,
    },
  );
  const placed = ({ block, at: [file, line, column] }: CoveredBlock) => ({
    block,
    uri: analysis.uriOf({ path: plan.files[file] ?? '' }),
    position: { line: line - 1, character: column - 1 },
  });
  const placeIn = (list: 'cases' | 'policies', index: number): Position => positionOf(document.placeOf([list, index]));
  const ran = result.cases.map((each) => ({
    name: each.name,
    index: each.index,
    position: placeIn('cases', each.index),
    passed: casePassed(each),
    skipped: null,
    mismatches: each.mismatches,
  }));
  const left = result.skipped.map((index) => ({
    name: test.cases?.[index]?.name ?? '',
    index,
    position: placeIn('cases', index),
    passed: false,
    skipped: 'it gives DNS records, which nothing in a browser can judge; "maddyc test" on the command line can',
    mismatches: [],
  }));
  return {
    configuration,
    problems: result.problems.map(problemOf),
    cases: [...ran, ...left].toSorted((a, b) => a.index - b.index),
    policies: result.policies.map(({ name, index, verdict, expected, against, runs }) => ({
      name,
      index,
      position: placeIn('policies', index),
      passed: policyPassed({ name, index, verdict, expected, against, runs }),
      verdict,
      expected,
      against,
    })),
    coverage:
      result.coverage === null
        ? null
        : {
            reached: result.coverage.reached,
            total: result.coverage.total,
            hit: result.coverage.hit.map(placed),
            missed: result.coverage.missed.map(placed),
          },
  };
}

async function read({ workspace }: Session, { uri, text }: MailTestParams): Promise<MailTestReading> {
  const { readMailTest } = await import('../../compiler/mailtest/read-mail-test.ts');
  if (text !== undefined) return readMailTest(text);
  const state = await workspace.snapshot.read(normalUri(uri));
  if (state.kind === 'text') return readMailTest(state.text);
  if (state.kind === 'bytes') return readMailTest(decodeText(state.bytes));
  return { ok: false, problems: [{ message: 'the file cannot be read', at: { line: 1, column: 1 } }] };
}

/** Beside the test file unless it says otherwise (docs/mail-tests.md). */
async function testedBy({ workspace }: Session, uri: string, { configuration }: MailTest): Promise<Analysis> {
  if (configuration !== undefined) return workspace.settled(beside(uri, configuration));
  const own = uri.replace(/\.mailtest\.ya?ml$/, '.conf');
  if (own !== uri) {
    const state = await workspace.snapshot.read(own);
    if (state.kind !== 'absent') return workspace.settled(own);
  }
  return workspace.settled(beside(uri, 'maddy.conf'));
}

function problemOf({ message, at }: FileProblem): MailTestProblem {
  return { message, position: positionOf(at) };
}

function positionOf({ line, column }: FileProblem['at']): Position {
  return { line: line - 1, character: column - 1 };
}
