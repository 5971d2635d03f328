import type { ReferenceVerdict } from '../analyse.ts';
import type { Diagnostic, Place } from '../diagnostics/diagnostic.ts';
import { type Frame, frameLines, marginOf } from './code-frame.ts';
import { visibleText } from './display-width.ts';
import { ShownLines } from './line-cells.ts';
import type { Report, Terminal } from './report.ts';
import { styleFor } from './style.ts';
import { wrap } from './wrap.ts';

export interface PrettyOptions extends Terminal {
  /** Places of passwords and tokens: frames show a mask there. */
  readonly secrets?: readonly Place[];
}

const mostRelated = 6;

/** Findings for people, each with the place that it is about; empty without findings. Lines end with LF. */
export function prettyReport(diagnostics: readonly Diagnostic[], options: PrettyOptions): string {
  const lines = new ShownLines(options.secrets ?? []);
  return diagnostics.map((diagnostic) => `${findingLines(diagnostic, lines, options).join('\n')}\n`).join('\n');
}

/** The findings of each configuration in turn, and what maddy would say of it. */
export function prettyReporter({ results }: Report, terminal: Terminal): string {
  const parts = results.flatMap(({ file, diagnostics, secrets, reference }) => [
    ...(diagnostics.length === 0 ? [] : [prettyReport(diagnostics, { ...terminal, secrets })]),
    ...(reference === null
      ? []
      : [`${results.length === 1 ? '' : `${visibleText(file)}: `}${verdictWords(reference)}\n`]),
  ]);
  return parts.join('\n');
}

function verdictWords({ accepted, error }: ReferenceVerdict): string {
  return accepted ? 'maddy 0.9.4 accepts it' : `maddy 0.9.4 refuses it: ${visibleText(error ?? '')}`;
}

function findingLines(diagnostic: Diagnostic, lines: ShownLines, options: PrettyOptions): readonly string[] {
  const style = styleFor(diagnostic.severity, options.color, options.unicode);
  const { code, severity, message, label, place, related } = diagnostic;
  const title = `${style.mark(`${severity}[${code.code}]`)}${style.bold(`: ${visibleText(message)}`)}`;
  const main: readonly Frame[] = place === null ? [] : [{ place, label, isMain: true }];
  const others = related
    .slice(0, mostRelated)
    .map((each): Frame => ({ place: each, label: each.message, isMain: false }));
  const frames = [...main, ...others];
  const margin = marginOf(frames);
  const notes = noteLines(diagnostic, margin, options);
  const bar = `${' '.repeat(margin + 1)}${style.box(style.bar)}`;
  return [
    title,
    ...frames.flatMap((frame) => frameLines(frame, margin, { style, columns: options.columns, lines })),
    ...(frames.length === 0 ? [] : [bar]),
    ...notes,
  ];
}

function noteLines(diagnostic: Diagnostic, margin: number, options: PrettyOptions): readonly string[] {
  const style = styleFor(diagnostic.severity, options.color, options.unicode);
  const indent = ' '.repeat(margin + 1);
  const prefix = `${indent}${style.box('=')} `;
  const room = Math.max(options.columns - margin - 3, 30);
  const wrapped = (text: string): readonly string[] =>
    wrap(visibleText(text), room).map((line, index) => (index === 0 ? `${prefix}${line}` : `${indent}  ${line}`));
  const fix = diagnostic.fixes[0];
  return [
    ...diagnostic.details.flatMap(wrapped),
    ...(fix === undefined ? [] : [`${prefix}fix: ${visibleText(fix.title)}${style.dim(hintFor(fix.safe))}`]),
    `${prefix}${style.dim(`more: maddyc explain ${diagnostic.code.code}`)}`,
  ];
}

function hintFor(safe: boolean): string {
  return safe ? '   maddyc check --fix' : '   maddyc check --fix=all';
}
