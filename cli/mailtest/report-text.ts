import type { Mismatch } from '../../compiler/mailtest/run-cases.ts';
import type { CounterExample, PolicyResult } from '../../compiler/mailtest/run-policies.ts';
import { casePassed, policyPassed } from '../../compiler/mailtest/run-test.ts';
import { routeCommand } from '../route/route-command.ts';
import type { FileResult } from './run-file.ts';
import type { Summary } from './summary.ts';

export interface ReportOptions {
  readonly color: boolean;
  /** The stream can show marks beyond ASCII. */
  readonly marks: boolean;
  readonly coverage: boolean;
  /** Only what failed. */
  readonly quiet: boolean;
}

export function reportToText(files: readonly FileResult[], summary: Summary, options: ReportOptions): string {
  const paint = painter(options.color);
  const good = paint('32', options.marks ? '✔' : 'ok  ');
  const bad = paint('31', options.marks ? '✘' : 'FAIL');
  const blocks = files.map((file) => {
    const lines: string[] = [];
    const line = (isFine: boolean, name: string, path: readonly (string | number)[], more: readonly string[]): void => {
      if (isFine && options.quiet) return;
      lines.push(`  ${isFine ? good : bad} ${name}${isFine ? '' : paint('2', `  ${placeIn(file, path)}`)}`);
      for (const each of more) lines.push(`      ${each}`);
    };
    for (const { message, at } of file.problems) {
      lines.push(`  ${bad} ${file.path}:${at.line}:${at.column}: ${message}`);
    }
    for (const result of file.cases) {
      line(casePassed(result), result.name, ['cases', result.index], result.mismatches.flatMap(mismatchLines));
    }
    for (const result of file.policies) {
      line(policyPassed(result), result.name, ['policies', result.index], policyLines(result, file.configuration));
    }
    if (options.coverage) lines.push(...coverageLines(file));
    return lines.length === 0 ? '' : `${[paint('1', file.path), ...lines].join('\n')}\n\n`;
  });
  return `${blocks.join('')}${summaryLine(summary, options)}\n`;
}

function painter(color: boolean): (code: string, text: string) => string {
  return color ? (code, text) => `\x1b[${code}m${text}\x1b[0m` : (_, text) => text;
}

function placeIn({ path, document }: FileResult, inside: readonly (string | number)[]): string {
  return `${path}:${document?.placeOf(inside).line ?? 1}`;
}

export function mismatchLines({ recipient, expected, got, notes }: Mismatch): readonly string[] {
  return [
    ...(recipient === null ? [] : [`to ${recipient}`]),
    `expected  ${expected}`,
    `got       ${got}`,
    ...notes.map((note) => `          ${note}`),
  ];
}

export function policyLines(
  { verdict, expected, against, runs }: PolicyResult,
  configuration: string,
): readonly string[] {
  switch (verdict) {
    case 'holds':
      return [];
    case 'idle':
      return ['no mail is of this kind: nobody can log in there, or no endpoint has that name'];
    case 'undecided':
      return [`not decided after ${runs} kinds of mail; none of them speaks against it`];
    case 'broken':
      return [`expected  ${expected}`, ...against.slice(0, 3).flatMap((each) => exampleLines(each, configuration))];
  }
}

function exampleLines(example: CounterExample, configuration: string): readonly string[] {
  const { endpoint, auth, from, to, got, assumptions } = example;
  const who = auth === null ? '' : `, logged in as ${auth}`;
  return [
    `but       ${from === '' ? 'the null sender' : from} to ${to} by ${endpoint}${who}: ${got}`,
    ...assumptions.map((assumption) => `          if ${assumption}`),
    `          ${routeCommand(configuration, example)}`,
  ];
}

function coverageLines({ coverage, plan }: FileResult): readonly string[] {
  if (coverage === null) return [];
  const { reached, total, missed } = coverage;
  return [
    `  ${reached} of ${total} blocks reached by a case${missed.length === 0 ? '' : '; not:'}`,
    ...missed.map(({ block, at: [file, line] }) => `      ${plan?.files[file] ?? ''}:${line}  ${block}`),
  ];
}

function summaryLine({ passed, failed, broken, coverage }: Summary, options: ReportOptions): string {
  const paint = painter(options.color);
  const parts = [
    ...(broken === 0 ? [] : [`${broken} ${broken === 1 ? 'file' : 'files'} not run`]),
    ...(failed === 0 ? [] : [`${failed} failed`]),
    `${passed} passed`,
    ...(coverage === null ? [] : [`${coverage} % of the blocks reached`]),
  ];
  return paint(failed + broken === 0 ? '32' : '31', parts.join(', '));
}
