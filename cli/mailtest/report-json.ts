import { casePassed, policyPassed } from '../../compiler/mailtest/run-test.ts';
import type { FileResult } from './run-file.ts';
import type { Summary } from './summary.ts';

/** The JSON form of a test run, version 1: fields are only ever added. */
export function reportToJson(files: readonly FileResult[], summary: Summary): object {
  return {
    version: 1,
    files: files.map((file) => {
      const { path, configuration, problems, document, cases, policies, coverage, plan } = file;
      const lineOf = (inside: readonly (string | number)[]): number => document?.placeOf(inside).line ?? 1;
      return {
        file: path,
        configuration,
        problems: problems.map(({ message, at }) => ({ message, ...at })),
        cases: cases.map((result) => ({
          name: result.name,
          line: lineOf(['cases', result.index]),
          passed: casePassed(result),
          mismatches: result.mismatches,
        })),
        policies: policies.map(({ name, index, verdict, expected, against, runs }) => ({
          name,
          line: lineOf(['policies', index]),
          passed: policyPassed({ name, index, verdict, expected, against, runs }),
          ...{ verdict, expected, against, runs },
        })),
        coverage:
          coverage === null
            ? null
            : {
                reached: coverage.reached,
                total: coverage.total,
                missed: coverage.missed.map(({ block, at: [at, line, column] }) => ({
                  block,
                  location: { file: plan?.files[at] ?? '', line, column },
                })),
              },
      };
    }),
    summary,
  };
}
