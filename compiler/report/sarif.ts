import type { Code, Fix, Place, Severity } from '../diagnostics/diagnostic.ts';
import { positionAt } from '../source/source-file.ts';
import { fingerprints } from './fingerprint.ts';
import { docsPage, type FoundIn, findingsOf, jsonText, plainText, type Report } from './report.ts';

const levels: { readonly [S in Severity]: string } = {
  error: 'error',
  warning: 'warning',
  info: 'note',
  hint: 'note',
};

/** SARIF 2.1.0 (OASIS), as GitHub code scanning, Azure DevOps and editors read it. */
export function sarifReport(report: Report): string {
  const codes = [...new Map(findingsOf(report).map(({ diagnostic: { code } }) => [code.code, code])).values()].sort(
    (a, b) => (a.code < b.code ? -1 : 1),
  );
  const ruleIndex = new Map(codes.map(({ code }, index) => [code, index]));
  const known = fingerprints(report);
  return jsonText({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: report.tool.name, version: report.tool.version, rules: codes.map(rule) } },
        columnKind: 'utf16CodeUnits',
        artifacts: report.results.map(({ file }) => ({ location: artifact(file, report), roles: ['analysisTarget'] })),
        results: [...known].map(([found, fingerprint]) => ({
          ...resultOf(found, report),
          ruleIndex: ruleIndex.get(found.diagnostic.code.code),
          partialFingerprints: { 'maddycFinding/v1': fingerprint },
        })),
        invocations: [{ executionSuccessful: true, toolExecutionNotifications: report.results.flatMap(refusal) }],
      },
    ],
  });

  function refusal({ file, reference }: Report['results'][number]): readonly object[] {
    if (reference === null || reference.accepted) return [];
    const text = `maddy 0.9.4 refuses ${file}: ${reference.error ?? ''}`;
    return [
      {
        level: 'error',
        message: { text },
        locations: [{ physicalLocation: { artifactLocation: artifact(file, report) } }],
      },
    ];
  }
}

function rule({ code, name, severity, summary, page }: Code): object {
  const { docs } = page();
  return {
    id: code,
    name,
    shortDescription: { text: summary },
    help: { text: docs, markdown: docs },
    defaultConfiguration: { level: levels[severity] },
    properties: { docs: docsPage(code) },
  };
}

function resultOf({ result, diagnostic }: FoundIn, report: Report): object {
  const { code, severity, place, related, fixes } = diagnostic;
  const physicalLocation =
    place === null ? { artifactLocation: artifact(result.file, report) } : placeOf(place, report);
  return {
    ruleId: code.code,
    level: levels[severity],
    message: { text: plainText(diagnostic) },
    locations: [{ physicalLocation }],
    ...(related.length === 0
      ? {}
      : {
          relatedLocations: related.map((each, index) => ({
            id: index + 1,
            physicalLocation: placeOf(each, report),
            message: { text: each.message },
          })),
        }),
    ...(fixes.length === 0 ? {} : { fixes: fixes.map((fix) => fixOf(fix, report)) }),
  };
}

function fixOf({ title, edits }: Fix, report: Report): object {
  const paths = [...new Set(edits.map(({ file }) => file.path))];
  return {
    description: { text: title },
    artifactChanges: paths.map((path) => ({
      artifactLocation: artifact(path, report),
      replacements: edits
        .filter(({ file }) => file.path === path)
        .map((edit) => ({ deletedRegion: regionOf(edit), insertedContent: { text: edit.text } })),
    })),
  };
}

function placeOf(place: Place, report: Report): object {
  return { artifactLocation: artifact(place.file.path, report), region: regionOf(place) };
}

function regionOf({ file, range }: Place): object {
  const start = positionAt(file, range.start);
  const end = positionAt(file, range.end);
  return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
}

function artifact(path: string, { pathInRepository }: Report): object {
  const below = pathInRepository(path);
  const encoded = below.split('/').map((part) => encodeURIComponent(part.toWellFormed()));
  if (below.startsWith('/')) return { uri: `file://${encoded.join('/')}` };
  // A first part with a colon would read as a scheme.
  return { uri: encoded.join('/'), uriBaseId: '%SRCROOT%' };
}
