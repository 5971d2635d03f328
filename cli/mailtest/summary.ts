import { casePassed, policyPassed } from '../../compiler/mailtest/run-test.ts';
import type { FileResult } from './run-file.ts';

export interface Summary {
  readonly passed: number;
  readonly failed: number;
  /** Test files that could not be run. */
  readonly broken: number;
  /** Reached of all, in per cent; null when nothing was counted. */
  readonly coverage: number | null;
}

export function summarize(files: readonly FileResult[]): Summary {
  let passed = 0;
  let failed = 0;
  let reached = 0;
  let total = 0;
  for (const { cases, policies, coverage } of files) {
    for (const isFine of [...cases.map(casePassed), ...policies.map(policyPassed)]) {
      if (isFine) passed += 1;
      else failed += 1;
    }
    reached += coverage?.reached ?? 0;
    total += coverage?.total ?? 0;
  }
  const broken = files.filter(({ problems }) => problems.length > 0).length;
  return { passed, failed, broken, coverage: total === 0 ? null : Math.floor((100 * reached) / total) };
}
