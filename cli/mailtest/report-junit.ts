import { casePassed, policyPassed } from '../../compiler/mailtest/run-test.ts';
import { attributes, escapeXml } from '../../compiler/report/xml.ts';
import { mismatchLines, policyLines } from './report-text.ts';
import type { FileResult } from './run-file.ts';
import type { Summary } from './summary.ts';

interface TestCase {
  readonly name: string;
  readonly line: number;
  /** Null: it passed. */
  readonly failure: readonly string[] | null;
}

/** JUnit XML: a suite a test file, a case a case or policy. */
export function reportToJunit(files: readonly FileResult[], { passed, failed, broken }: Summary): string {
  const totals = { name: 'maddyc test', tests: passed + failed, failures: failed, errors: broken };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes(totals)}>`,
    ...files.map(suiteOf),
    '</testsuites>',
    '',
  ].join('\n');
}

function suiteOf(file: FileResult): string {
  const { path, problems, document, configuration } = file;
  const lineOf = (inside: readonly (string | number)[]): number => document?.placeOf(inside).line ?? 1;
  const cases: readonly TestCase[] = [
    ...file.cases.map((result) => ({
      name: result.name,
      line: lineOf(['cases', result.index]),
      failure: casePassed(result) ? null : result.mismatches.flatMap(mismatchLines),
    })),
    ...file.policies.map((result) => ({
      name: result.name,
      line: lineOf(['policies', result.index]),
      failure: policyPassed(result) ? null : policyLines(result, configuration),
    })),
  ];
  const failures = cases.filter(({ failure }) => failure !== null).length;
  const counts = { name: path, tests: cases.length, failures, errors: problems.length };
  return [
    `  <testsuite${attributes(counts)}>`,
    ...cases.map(({ name, line, failure }) => {
      const head = `    <testcase${attributes({ name, classname: path, file: path, line })}`;
      if (failure === null) return `${head}/>`;
      const message = failure.join('; ');
      return `${head}><failure${attributes({ message })}>${escapeXml(failure.join('\n'))}</failure></testcase>`;
    }),
    ...problems.map(
      ({ message, at }) =>
        `    <testcase${attributes({ name: 'the test file', classname: path, file: path, line: at.line })}><error${attributes({ message })}/></testcase>`,
    ),
    '  </testsuite>',
  ].join('\n');
}
