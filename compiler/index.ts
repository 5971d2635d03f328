/**
 * The compiler's door: pure and synchronous verbs over a snapshot of files (`Host`). Plans that come from elsewhere have a
 * door of their own, `plan/read.ts` and `plan/environment.ts`: whatever this file names is loaded by every command.
 */
export { type AnalyseOptions, type Analysis, analyse, type PlanResult, type ReferenceVerdict } from './analyse.ts';
export type { Code, Diagnostic, Fix, Place, Related, Severity, TextEdit } from './diagnostics/diagnostic.ts';
export type { FileState, Host } from './host.ts';
export type { Plan } from './plan/plan.ts';
export type { PlanProblem } from './plan/problem.ts';
export { type FormatName, isFormatName, reportFormats } from './report/formats.ts';
export { type JsonReport, jsonReport } from './report/json.ts';
export { type PrettyOptions, prettyReport } from './report/pretty.ts';
export type { FileResult, Report, Reporter, Terminal } from './report/report.ts';
export { createSourceFile, positionAt, type SourceFile } from './source/source-file.ts';
