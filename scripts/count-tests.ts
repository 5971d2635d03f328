// Prints "PASSED FAILED" of a Vitest JSON report, for .ci/run. A run that ended badly without a failed test
// (a file that could not be loaded, no report at all) counts as one failure.
import { readFile } from 'node:fs/promises';

const [report = '', status = '1'] = process.argv.slice(2);

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numFailedTestSuites: number;
}

function isReport(value: unknown): value is Report {
  return typeof value === 'object' && value !== null && 'numPassedTests' in value && 'numFailedTests' in value;
}

const parsed: unknown = JSON.parse(await readFile(report, 'utf8').catch(() => 'null'));
const passed = isReport(parsed) ? parsed.numPassedTests : 0;
const failed = isReport(parsed) ? parsed.numFailedTests : 1;
console.log(passed, failed === 0 && status !== '0' ? 1 : failed);
