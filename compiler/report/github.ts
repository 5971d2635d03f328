import type { Severity } from '../diagnostics/diagnostic.ts';
import { positionAt } from '../source/source-file.ts';
import { visibleText } from './display-width.ts';
import { type FoundIn, fileOf, findingsOf, plainText, type Report } from './report.ts';

const commands: { readonly [S in Severity]: string } = {
  error: 'error',
  warning: 'warning',
  info: 'notice',
  hint: 'notice',
};

/** Workflow commands: GitHub shows each finding beside its line, in the log and in the pull request. */
export function githubReport(report: Report): string {
  return findingsOf(report)
    .map((found) => `${workflowCommand(found, report)}\n`)
    .join('');
}

function workflowCommand(found: FoundIn, { pathInRepository }: Report): string {
  const { diagnostic } = found;
  const { code, severity, place } = diagnostic;
  const lines = plainText(diagnostic).split('\n').map(visibleText);
  const properties: readonly (readonly [name: string, value: string | number])[] = [
    ['file', visibleText(pathInRepository(fileOf(found)))],
    ...(place === null ? [] : region(place)),
    ['title', `${code.code} ${code.name}`],
  ];
  const written = properties.map(([name, value]) => `${name}=${escapeProperty(String(value))}`).join(',');
  return `::${commands[severity]} ${written}::${escapeData(lines.join('\n'))}`;
}

function region({ file, range }: NonNullable<FoundIn['diagnostic']['place']>): readonly (readonly [string, number])[] {
  const start = positionAt(file, range.start);
  const end = positionAt(file, range.end);
  const lines = [
    ['line', start.line],
    ['endLine', end.line],
  ] as const;
  // GitHub takes columns only where a finding stays in its line.
  return start.line === end.line ? [...lines, ['col', start.column], ['endColumn', end.column]] : lines;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
