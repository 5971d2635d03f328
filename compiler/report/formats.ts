import { jsonReporter } from './json.ts';
import { prettyReporter } from './pretty.ts';
import type { Reporter } from './report.ts';

export interface ReportFormat {
  readonly summary: string;
  /** Formats for services are loaded when they are wanted: most runs want what a person or a program reads. */
  readonly load: () => Promise<Reporter>;
}

/** Every form in which findings are told; options, help and pages are made from this table. */
export const reportFormats = {
  pretty: { summary: 'for people: each finding with its lines', load: async () => prettyReporter },
  json: { summary: 'for programs; docs/reference/check.schema.json is its schema', load: async () => jsonReporter },
  sarif: {
    summary: 'SARIF 2.1.0, for code scanning',
    load: async () => (await import('./sarif.ts')).sarifReport,
  },
  github: {
    summary: 'annotations of a GitHub workflow; chosen by itself where GITHUB_ACTIONS=true',
    load: async () => (await import('./github.ts')).githubReport,
  },
  gitlab: { summary: 'GitLab code quality', load: async () => (await import('./gitlab.ts')).gitlabReport },
  junit: { summary: 'JUnit XML', load: async () => (await import('./junit.ts')).junitReport },
} satisfies Readonly<Record<string, ReportFormat>>;

export type FormatName = keyof typeof reportFormats;

export function isFormatName(name: string): name is FormatName {
  return Object.hasOwn(reportFormats, name);
}
