import { type FileResult, type Report, reportFormats } from '../../compiler/index.ts';
import { summarize, summaryWords } from '../../compiler/report/summary.ts';
import type { Invocation } from '../command.ts';
import { terminalOf } from '../configuration.ts';
import { version } from '../version.ts';
import { type Examination, toldOnce } from './examine.ts';
import { repositoryPaths } from './repository-path.ts';
import { failingSeverities, type Wanted } from './wanted.ts';

/** Tells what was found, and gives the exit code. */
export async function conclude(
  examinations: readonly Examination[],
  wanted: Wanted,
  invocation: Invocation,
): Promise<number> {
  const { io, has } = invocation;
  const results = toldOnce(examinations.map((each) => each.result));
  const found: Report = {
    tool: { name: 'maddyc', version },
    results,
    failing: failingSeverities(wanted),
    pathInRepository: repositoryPaths(io),
  };
  const told = wanted.baseline === null ? results : await agreedUpon(found, wanted.baseline, wanted, invocation);
  if (told === null) return 0;
  const reporter = await reportFormats[wanted.format].load();
  io.stdout.write(reporter({ ...found, results: told }, terminalOf(io.stdout, invocation)));
  if (!has('quiet') && wanted.format !== 'json') io.stderr.write(summaryLines(told, examinations, wanted));
  return exitCode(told, wanted);
}

/** What the baseline does not hold; null when it was only to be written. */
async function agreedUpon(
  report: Report,
  path: string,
  { updatesBaseline }: Wanted,
  { io, has }: Invocation,
): Promise<readonly FileResult[] | null> {
  const { withoutBaseline, writeBaseline } = await import('./baseline.ts');
  const note = (text: string): void => {
    if (!has('quiet')) io.stderr.write(`${text}\n`);
  };
  if (updatesBaseline) {
    note(`${path}: ${counted(writeBaseline(report, path, io), 'finding')} written`);
    return null;
  }
  const { results, hidden, gone } = withoutBaseline(report, path, io);
  if (hidden > 0) note(`${path}: ${counted(hidden, 'finding')} of the baseline not shown`);
  if (gone > 0) note(`${path}: ${counted(gone, 'finding')} of the baseline no longer found: --update-baseline`);
  return results;
}

function exitCode(results: readonly FileResult[], { mostWarnings }: Wanted): number {
  const { error, warning } = summarize(results.flatMap((each) => each.diagnostics));
  const isRefused = results.some(({ reference }) => reference !== null && !reference.accepted);
  return isRefused || error > 0 || warning > mostWarnings ? 1 : 0;
}

/** Of more configurations than these the report tells enough. */
const MOST_SUMMARIES = 20;

/** A line for each configuration with findings, and one for all when there are several. */
function summaryLines(
  results: readonly FileResult[],
  examinations: readonly Examination[],
  { format }: Wanted,
): string {
  const duration = (milliseconds: number): string =>
    milliseconds < 10_000 ? `${milliseconds.toFixed(0)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
  const lines = results.flatMap(({ file, diagnostics }, index) => {
    if (results.length > 1 && diagnostics.length === 0) return [];
    const took = duration(examinations[index]?.milliseconds ?? 0);
    return [`${file === '-' ? 'standard input' : file}: ${summaryWords(summarize(diagnostics))} (${took})`];
  });
  const all = results.flatMap((each) => each.diagnostics);
  const total = examinations.reduce((sum, each) => sum + each.milliseconds, 0);
  const ofAll = `${results.length} configurations: ${summaryWords(summarize(all))} (${duration(total)})`;
  const more = lines.length - MOST_SUMMARIES;
  const shown =
    more > 0 ? [...lines.slice(0, MOST_SUMMARIES), `${counted(more, 'more configuration')} with findings`] : lines;
  const text = [...shown, ...(results.length > 1 ? [ofAll] : [])].map((line) => `${line}\n`).join('');
  return format === 'pretty' && all.length > 0 ? `\n${text}` : text;
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
