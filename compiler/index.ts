/** The compiler's door: pure and synchronous verbs over a snapshot of files (`Host`). */
export { type AnalyseOptions, type Analysis, analyse, type PlanResult, type ReferenceVerdict } from './analyse.ts';
export type { Code, Diagnostic, Fix, Place, Related, Severity, TextEdit } from './diagnostics/diagnostic.ts';
export type { FileState, Host } from './host.ts';
export { type ResolvedPlan, resolveEnvironment } from './plan/environment.ts';
export type { Plan } from './plan/plan.ts';
export type { PlanProblem } from './plan/problem.ts';
export { type PlanReading, readPlan } from './plan/read.ts';
export { type JsonReport, jsonReport } from './report/json.ts';
export { type PrettyOptions, prettyReport } from './report/pretty.ts';
export { createSourceFile, positionAt, type SourceFile } from './source/source-file.ts';
