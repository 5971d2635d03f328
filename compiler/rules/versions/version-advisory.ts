import type { Code, Severity } from '../../diagnostics/diagnostic.ts';
import { throughQueue } from '../../ir/codes/sample.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';
import { type Advisory, advisories } from './advisories.ts';
import { compareReleases } from './releases.ts';

const code: Code = {
  code: 'M9101',
  name: 'version-advisory',
  severity: 'warning',
  summary: 'a known fault of the release of maddy that the file is for',
  page: () => ({
    docs: 'The project says which release of maddy runs the file (`targetVersion` in maddyc.json, or `--target-version`), and that release has a fault that this file meets. Use a release without it, or write the file so that it is not met. Nothing is said when no release is named.',
    invalid: throughQueue('target.smtp relay {\n    targets tcp://mx.example.org:25\n}'),
    valid: throughQueue('target.smtp relay {\n    targets tcp://192.0.2.5:25\n}'),
    given: { targetVersion: '0.9.3' },
  }),
};

export const versionAdvisory: Rule = {
  code,
  *check(context) {
    const { targetVersion } = context;
    if (targetVersion === null) return;
    for (const advisory of advisories) {
      if (!concerns(advisory, targetVersion)) continue;
      for (const where of advisory.places(context)) {
        const severity: Severity = advisory.severity ?? code.severity;
        yield report(code, where, `maddy ${targetVersion}: ${advisory.what}`, {
          severity,
          details: [advisory.advice, `Known as foxcpp/maddy ${advisory.issue}.`],
        });
      }
    }
  },
};

function concerns({ from, to }: Advisory, release: string): boolean {
  return (from === undefined || compareReleases(release, from) >= 0) && compareReleases(release, to) <= 0;
}
