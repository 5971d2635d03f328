import { dirname, join, resolve } from 'node:path';
import type { AnalyseOptions, Analysis, Diagnostic, FileResult } from '../../compiler/index.ts';
import { takeInventory } from '../../compiler/ir/walk.ts';
import { isRuledByRegexps, tableUsesOf } from '../../compiler/rules/table-use.ts';
import { settingsName } from '../../compiler/settings/locate.ts';
import { UsageError } from '../command.ts';
import { ConfigurationFile, type OpenOptions } from '../configuration.ts';
import type { Io } from '../io.ts';
import type { Input } from './inputs.ts';

export interface Examination {
  readonly result: FileResult;
  /** Absolute paths of the other texts that took part. */
  readonly imported: readonly string[];
  /** Absolute paths that were asked for, there or not: a change of one of them may change the result. */
  readonly dependencies: readonly string[];
  readonly milliseconds: number;
}

export interface ExamineOptions {
  readonly open: OpenOptions;
  readonly analysis: AnalyseOptions;
  /** Rules that need to know the machine run, too. */
  readonly looksAtHost?: boolean;
}

/** Reads and judges one configuration. Throws UsageError when it cannot be read. */
export async function examine(path: string, options: ExamineOptions, io: Io): Promise<Examination> {
  const started = milliseconds();
  const file = await ConfigurationFile.open(path, io, options.open);
  if (file.isPlan) throw new UsageError(`${path} is a compiled plan`, 'check its configuration; run checks a plan');
  const { dialect, diagnostics, files, program, reference } = await analysisOf(file, options);
  // maddy reads every file as its own, also one that is meant for Madmail.
  const maddys = () => (dialect === 'maddy' ? reference() : file.analyse({ dialect: 'maddy' }).reference());
  return {
    result: {
      file: file.path,
      diagnostics,
      secrets: program.secrets,
      reference: options.analysis.asMaddy === true ? maddys() : null,
    },
    imported: files.slice(1).map((each) => resolve(io.cwd, each.path)),
    dependencies: [
      ...file.host.asked.filter((each) => each !== '-').map((each) => resolve(io.cwd, each)),
      join(dirname(resolve(io.cwd, file.path)), settingsName),
    ],
    milliseconds: milliseconds() - started,
  };
}

async function analysisOf(file: ConfigurationFile, { analysis, looksAtHost }: ExamineOptions): Promise<Analysis> {
  const state = file.host.read(file.path);
  const isRuled = state.kind === 'text' && /_in\s+(?:table\.)?regexp\s/.test(state.text);
  const expected = isRuled ? await loadRegexps() : undefined;
  const found = file.analyse({ ...analysis, regexps: expected });
  // In an import, or by the name of a block.
  const isMissing =
    expected === undefined &&
    found.files.some(({ text }) => text.includes('regexp')) &&
    isRuledByRegexps(tableUsesOf(takeInventory(found.program)));
  if (!isMissing && looksAtHost !== true) return found;
  const regexps = isMissing ? await loadRegexps() : expected;
  const facts =
    looksAtHost === true ? (await import('../host-facts/gather.ts')).hostFactsFor(found.program) : undefined;
  return file.analyse({ ...analysis, regexps, facts });
}

/** As large as the rest of the program: only a file whose rules ask regular expressions pays for it. */
async function loadRegexps(): Promise<AnalyseOptions['regexps']> {
  return (await import('../../compiler/routing/tables/regexp.ts')).regexpLookup;
}

/** Judges configurations in turn. In folders and patterns those are left out that another one imports: they are parts of it. */
export async function examineAll(
  inputs: readonly Input[],
  examineOne: (path: string) => Promise<Examination>,
  cwd: string,
): Promise<ReadonlyMap<string, Examination>> {
  const done = new Map<string, Examination>();
  const imported = new Set<string>();
  for (const { path, isNamed } of inputs) {
    if (!isNamed && imported.has(resolve(cwd, path))) continue;
    const examination = await examineOne(path);
    done.set(path, examination);
    for (const each of examination.imported) imported.add(each);
  }
  for (const { path, isNamed } of inputs) if (!isNamed && imported.has(resolve(cwd, path))) done.delete(path);
  return done;
}

/** A finding in a file that several configurations import is told with the first of them. */
export function toldOnce(results: readonly FileResult[]): readonly FileResult[] {
  if (results.length < 2) return results;
  const told = new Set<string>();
  return results.map((result) => ({
    ...result,
    diagnostics: result.diagnostics.filter((diagnostic) => {
      const key = identityOf(diagnostic);
      if (key === null) return true;
      const isNew = !told.has(key);
      told.add(key);
      return isNew;
    }),
  }));
}

function identityOf({ place, code, message }: Diagnostic): string | null {
  if (place === null) return null;
  const { file, range } = place;
  return [file.path, range.start, range.end, code.code, message].join('\0');
}

/** Since some moment; the global `performance` would load four modules of Node for it. */
function milliseconds(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}
