import type { ReferenceVerdict } from '../analyse.ts';
import type { Diagnostic, Place, Severity } from '../diagnostics/diagnostic.ts';
import { ByteOffsets } from './byte-offsets.ts';
import { docsPage, jsonText, type Report } from './report.ts';
import { type Summary, summarize } from './summary.ts';

export interface JsonPosition {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  /** From 0, in bytes of the file. */
  readonly offset: number;
}

export interface JsonLocation {
  readonly file: string;
  readonly start: JsonPosition;
  readonly end: JsonPosition;
}

export interface JsonDiagnostic {
  readonly code: string;
  readonly name: string;
  readonly severity: Severity;
  readonly message: string;
  readonly label: string | null;
  readonly details: readonly string[];
  readonly location: JsonLocation | null;
  readonly related: readonly { readonly message: string; readonly location: JsonLocation }[];
  readonly fixes: readonly {
    readonly title: string;
    readonly safe: boolean;
    readonly edits: readonly { readonly location: JsonLocation; readonly text: string }[];
  }[];
  /** Page about the code, below the project's root. */
  readonly docs: string;
}

/** Output of `check --format json`. Fields are only ever added within a version. */
export interface JsonReport {
  readonly version: 1;
  readonly tool: { readonly name: string; readonly version: string };
  readonly files: readonly string[];
  readonly diagnostics: readonly JsonDiagnostic[];
  readonly summary: Summary;
  /** Only with `--as maddy-0.9.4`, and for a single configuration. */
  readonly reference?: ReferenceVerdict;
  /** Only with `--as maddy-0.9.4`: maddy's verdict about each of `files`. */
  readonly references?: readonly (ReferenceVerdict & { readonly file: string })[];
}

export function jsonReport({ tool, results }: Pick<Report, 'tool' | 'results'>): JsonReport {
  const offsets = new ByteOffsets();
  const diagnostics = results.flatMap((each) => each.diagnostics);
  const references = results.flatMap(({ file, reference }) => (reference === null ? [] : [{ file, ...reference }]));
  const [only] = results;
  return {
    version: 1,
    tool,
    files: results.map((each) => each.file),
    diagnostics: diagnostics.map((diagnostic) => jsonDiagnostic(diagnostic, offsets)),
    summary: summarize(diagnostics),
    ...(only !== undefined && only.reference !== null && results.length === 1 ? { reference: only.reference } : {}),
    ...(references.length === 0 ? {} : { references }),
  };
}

export function jsonReporter(report: Report): string {
  return jsonText(jsonReport(report));
}

function jsonDiagnostic(diagnostic: Diagnostic, offsets: ByteOffsets): JsonDiagnostic {
  const { code, severity, message, label, details, place, related, fixes } = diagnostic;
  return {
    code: code.code,
    name: code.name,
    severity,
    message,
    label,
    details,
    location: place === null ? null : location(place, offsets),
    related: related.map((each) => ({ message: each.message, location: location(each, offsets) })),
    fixes: fixes.map(({ title, safe, edits }) => ({
      title,
      safe,
      edits: edits.map((edit) => ({ location: location(edit, offsets), text: edit.text })),
    })),
    docs: docsPage(code.code),
  };
}

function location({ file, range }: Place, offsets: ByteOffsets): JsonLocation {
  return { file: file.path, start: offsets.positionAt(file, range.start), end: offsets.positionAt(file, range.end) };
}
