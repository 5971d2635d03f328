import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { positionAt } from '../source/source-file.ts';
import { docsPage, type FileResult, fileOf, type Report } from './report.ts';
import { attributes, escapeXml } from './xml.ts';

/**
 * JUnit XML, as Jenkins, GitLab and others read it: a suite a configuration, a case a finding. Findings that do not make the run fail
 * are cases that pass and say something; a configuration without findings is one case that passes.
 */
export function junitReport(report: Report): string {
  const suites = report.results.map((result) => suite(result, report));
  const tests = suites.reduce((sum, each) => sum + each.tests, 0);
  const failures = suites.reduce((sum, each) => sum + each.failures, 0);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: report.tool.name, tests, failures, errors: 0 })}>`,
    ...suites.map((each) => each.xml),
    '</testsuites>',
    '',
  ].join('\n');
}

interface Suite {
  readonly xml: string;
  readonly tests: number;
  readonly failures: number;
}

function suite(result: FileResult, report: Report): Suite {
  const { file, diagnostics, reference } = result;
  const refusal = reference === null || reference.accepted ? null : (reference.error ?? '');
  const cases = diagnostics.map((diagnostic) => findingCase(diagnostic, result, report));
  const passed =
    diagnostics.length === 0 ? [`    <testcase${attributes({ name: 'no findings', classname: file })}/>`] : [];
  const refused = refusal === null ? [] : [refusedCase(file, refusal)];
  const tests = cases.length + passed.length + refused.length;
  const failures = diagnostics.filter(({ severity }) => report.failing.has(severity)).length + refused.length;
  const lines = [
    `  <testsuite${attributes({ name: file, tests, failures, errors: 0 })}>`,
    ...cases,
    ...passed,
    ...refused,
    '  </testsuite>',
  ];
  return { xml: lines.join('\n'), tests, failures };
}

function findingCase(diagnostic: Diagnostic, result: FileResult, report: Report): string {
  const { code, severity, message, details, place } = diagnostic;
  const file = fileOf({ result, diagnostic });
  const position = place === null ? null : positionAt(place.file, place.range.start);
  const where = position === null ? file : `${file}:${position.line}:${position.column}`;
  const head = attributes({
    name: `${code.code} ${code.name} at ${where}`,
    classname: file,
    file: report.pathInRepository(file),
    ...(position === null ? {} : { line: position.line }),
  });
  const text = escapeXml([`${where}: ${message}`, ...details, `see ${docsPage(code.code)}`].join('\n'));
  const said = report.failing.has(severity)
    ? `<failure${attributes({ type: severity, message })}>${text}</failure>`
    : `<system-out>${severity}: ${text}</system-out>`;
  return `    <testcase${head}>\n      ${said}\n    </testcase>`;
}

function refusedCase(file: string, error: string): string {
  const failure = `<failure${attributes({ type: 'refused', message: error })}/>`;
  return `    <testcase${attributes({ name: 'maddy 0.9.4 accepts it', classname: file })}>\n      ${failure}\n    </testcase>`;
}
