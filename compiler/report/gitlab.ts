import type { Severity } from '../diagnostics/diagnostic.ts';
import { positionAt } from '../source/source-file.ts';
import { fingerprints } from './fingerprint.ts';
import { fileOf, jsonText, plainText, type Report } from './report.ts';

const severities: { readonly [S in Severity]: string } = {
  error: 'critical',
  warning: 'major',
  info: 'minor',
  hint: 'info',
};

/** GitLab's code quality report (artifacts:reports:codequality): findings in the merge request. */
export function gitlabReport(report: Report): string {
  const issues = [...fingerprints(report)].map(([found, fingerprint]) => {
    const { diagnostic } = found;
    const { code, severity, place } = diagnostic;
    const line = (offset: number): number => (place === null ? 1 : positionAt(place.file, offset).line);
    return {
      description: plainText(diagnostic),
      check_name: `${code.code} ${code.name}`,
      fingerprint,
      severity: severities[severity],
      location: {
        path: report.pathInRepository(fileOf(found)),
        lines: { begin: line(place?.range.start ?? 0), end: line(place?.range.end ?? 0) },
      },
    };
  });
  return jsonText(issues);
}
