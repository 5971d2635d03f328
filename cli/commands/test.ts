import { type Command, commonOptions, type Invocation, UsageError } from '../command.ts';
import { colorChoice } from '../configuration.ts';
import { usesColor } from '../io.ts';
import { reportToJson } from '../mailtest/report-json.ts';
import { reportToJunit } from '../mailtest/report-junit.ts';
import { reportToText } from '../mailtest/report-text.ts';
import { type FileResult, runTestFile } from '../mailtest/run-file.ts';
import { type Summary, summarize } from '../mailtest/summary.ts';
import { findTestFiles } from '../mailtest/test-files.ts';
import { updateFile } from '../mailtest/update-file.ts';
import type { TestRun } from '../mailtest/watch-tests.ts';

export const test: Command = {
  name: 'test',
  summary: 'tests of where mail goes: messages and what becomes of them, and what holds for all mail',
  usage: '[PATH…] [options]',
  description: `Runs *.mailtest.yaml files, or those below folders (here, when none is named). A case is a message and what must become of it; a
policy holds for all mail of a kind and is proved, or refuted by an example. Nothing is sent and nobody is contacted: the
message goes through the router that the server runs, with tables and checks as the file gives them.`,
  options: [
    { name: 'filter', value: 'PATTERN', help: 'only cases and policies whose name matches (regular expression)' },
    { name: 'coverage', help: 'which rules no case reached' },
    { name: 'min-coverage', value: 'PERCENT', help: 'fail when less of the rules is reached' },
    {
      name: 'update',
      help: 'write what came into the expectations of cases that differ; look at the difference after',
    },
    {
      name: 'watch',
      short: 'w',
      help: 'run again whenever a test file changes, its configuration, or what that reads',
    },
    commonOptions.json,
    { name: 'junit', help: 'result as JUnit XML on standard output' },
    { ...commonOptions.quiet, help: 'only what failed' },
    commonOptions.color,
  ],
  examples: [
    { command: 'maddyc test', says: 'all test files below this folder' },
    { command: 'maddyc test maddy.mailtest.yaml --coverage', says: 'one file, and what it leaves out' },
    { command: 'maddyc test --watch --quiet', says: 'while you write: what fails, after every change' },
    { command: 'maddyc test --update --filter alias', says: 'take over what came, for some cases' },
  ],
  exitCodes: [
    [0, 'all passed'],
    [1, 'something failed, a test file or its configuration is wrong, or too little is reached'],
    [2, 'wrong use: no test file, no such path'],
  ],
  docs: 'mail-tests.md',
  operands: Number.POSITIVE_INFINITY,

  async run(invocation) {
    const { io, operands, has } = invocation;
    if (has('json') && has('junit')) throw new UsageError('--json and --junit: one at a time');
    const filter = readFilter(invocation);
    const least = readPercent(invocation);
    if (filter !== null && least !== null) throw new UsageError('--min-coverage needs all cases: leave --filter out');
    if (has('watch') && has('update')) throw new UsageError('--watch and --update: one at a time');
    const run: TestRun = async () => {
      const files: FileResult[] = [];
      for (const path of findTestFiles(operands, io)) files.push(await runTestFile(path, { filter }, invocation));
      return { files, code: conclude(files, least, invocation) };
    };
    if (has('watch')) return (await import('../mailtest/watch-tests.ts')).watch(run, invocation);
    return (await run()).code;
  },
};

/** Writes what came of the files, and gives the exit code. */
function conclude(files: readonly FileResult[], least: number | null, invocation: Invocation): number {
  const { io, has } = invocation;
  const summary = summarize(files);
  if (has('update')) return update(files, summary, invocation);
  io.stdout.write(render(files, summary, least, invocation));
  const tooLittle = least !== null && (summary.coverage ?? 0) < least;
  if (tooLittle) io.stderr.write(`${summary.coverage ?? 0} % of the blocks are reached, ${least} % are asked for\n`);
  return summary.failed + summary.broken > 0 || tooLittle ? 1 : 0;
}

function readFilter({ value }: Invocation): RegExp | null {
  const pattern = value('filter');
  if (pattern === undefined) return null;
  try {
    return new RegExp(pattern, 'iu');
  } catch {
    throw new UsageError(`--filter ${pattern}: no regular expression`);
  }
}

function readPercent({ value }: Invocation): number | null {
  const text = value('min-coverage');
  if (text === undefined) return null;
  if (!/^(?:100|\d{1,2})$/.test(text)) throw new UsageError(`--min-coverage ${text}: write a number from 0 to 100`);
  return Number(text);
}

function render(files: readonly FileResult[], summary: Summary, least: number | null, invocation: Invocation): string {
  const { io, has } = invocation;
  if (has('json')) return `${JSON.stringify(reportToJson(files, summary), null, 2)}\n`;
  if (has('junit')) return reportToJunit(files, summary);
  return reportToText(files, summary, {
    color: usesColor(colorChoice(invocation), io.stdout, io.env),
    marks: io.stdout.isTerminal,
    coverage: has('coverage') || least !== null,
    quiet: has('quiet'),
  });
}

/** What a policy says is never changed by what came: only cases are written. */
function update(files: readonly FileResult[], summary: Summary, { io }: Invocation): number {
  let written = 0;
  for (const file of files) {
    const count = updateFile(file, io.cwd);
    written += count;
    if (count > 0) io.stdout.write(`${file.path}: ${count} ${count === 1 ? 'expectation' : 'expectations'} written\n`);
    for (const { message, at } of file.problems) io.stderr.write(`${file.path}:${at.line}:${at.column}: ${message}\n`);
  }
  const left = summary.failed - written;
  if (left > 0) io.stdout.write(`${left} still ${left === 1 ? 'fails' : 'fail'}: maddyc test shows why\n`);
  else if (written === 0) io.stdout.write('nothing to write\n');
  return left + summary.broken > 0 ? 1 : 0;
}
