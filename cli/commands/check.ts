import { type Analysis, type Diagnostic, jsonReport } from '../../compiler/index.ts';
import { summarize, summaryWords } from '../../compiler/report/summary.ts';
import { type Command, commonOptions, type Invocation, UsageError } from '../command.ts';
import { ConfigurationFile, writeFindings } from '../configuration.ts';
import { defaultFile } from '../default-file.ts';
import { version } from '../version.ts';

export const check: Command = {
  name: 'check',
  summary: 'every mistake of a configuration, at its cause',
  usage: '[FILE…] [options]',
  description: `Reads the configuration with its imports and table files, and nothing else: no socket, key or database is touched, so that it
tells the same on a laptop, in CI and on the mail server.`,
  options: [
    { name: 'format', value: 'FORMAT', choices: ['pretty', 'json'], help: 'how findings are printed: pretty, json' },
    { ...commonOptions.json, help: 'the same as --format json' },
    {
      name: 'as',
      value: 'PROGRAM',
      choices: ['maddy-0.9.4'],
      help: 'also maddy’s own verdict: maddy-0.9.4; exit 1 when it would refuse the file',
    },
    { name: 'error-on-warnings', help: 'exit 1 on warnings too' },
    { name: 'max-warnings', value: 'N', help: 'exit 1 when there are more than N warnings' },
    commonOptions.quiet,
    commonOptions.color,
  ],
  examples: [
    { command: 'maddyc check maddy.conf', says: 'all findings, with their lines' },
    { command: 'maddyc check --as maddy-0.9.4 maddy.conf', says: 'and whether maddy itself would start with it' },
    { command: 'maddyc check --json - < maddy.conf', says: 'standard input, for a program to read' },
  ],
  exitCodes: [
    [0, 'no errors (warnings are shown)'],
    [1, 'errors, or more warnings than allowed, or maddy would refuse the file (--as)'],
    [2, 'wrong use, or no such file'],
  ],
  docs: 'cli.md',
  operands: Number.POSITIVE_INFINITY,

  async run(invocation) {
    const { io, operands, has, value } = invocation;
    const threshold = warningThreshold(invocation);
    const asMaddy = value('as') !== undefined;
    const asJson = has('json') || value('format') === 'json';
    const results: Analysis[] = [];
    const started = milliseconds();
    for (const path of operands.length > 0 ? operands : [defaultFile(io)]) {
      const file = await ConfigurationFile.open(path, io);
      if (file.isPlan) throw new UsageError(`${path} is a compiled plan`, 'check its configuration; run checks a plan');
      const analysis = file.analyse({ asMaddy });
      results.push(analysis);
      if (!asJson) writeResult(analysis, asMaddy, milliseconds() - started, invocation);
    }
    if (asJson) writeJson(results, asMaddy, invocation);
    const diagnostics = results.flatMap((each) => each.diagnostics);
    const warnings = diagnostics.filter((each) => each.severity === 'warning').length;
    const isRefused = asMaddy && results.some((each) => !each.reference().accepted);
    return isRefused || diagnostics.some((each) => each.severity === 'error') || warnings > threshold ? 1 : 0;
  },
};

function warningThreshold({ has, value }: Invocation): number {
  const limit = value('max-warnings');
  if (limit === undefined) return has('error-on-warnings') ? 0 : Number.POSITIVE_INFINITY;
  if (!/^\d+$/.test(limit)) throw new UsageError(`--max-warnings ${limit}: not a number`);
  return Number(limit);
}

function writeResult(analysis: Analysis, asMaddy: boolean, duration: number, invocation: Invocation): void {
  const { stdout, stderr } = invocation.io;
  const { diagnostics, main } = analysis;
  writeFindings(diagnostics, analysis, stdout, invocation);
  if (asMaddy) {
    const { accepted, error } = analysis.reference();
    stdout.write(
      `${diagnostics.length > 0 ? '\n' : ''}${accepted ? 'maddy 0.9.4 accepts it' : `maddy 0.9.4 refuses it: ${error}`}\n`,
    );
  }
  if (!invocation.has('quiet')) {
    const name = main === '-' ? 'standard input' : main;
    stderr.write(
      `${diagnostics.length > 0 ? '\n' : ''}${name}: ${words(diagnostics)} (${duration.toFixed(0)} ms)\n`,
    );
  }
}

function words(diagnostics: readonly Diagnostic[]): string {
  return summaryWords(summarize(diagnostics));
}

function writeJson(results: readonly Analysis[], asMaddy: boolean, { io }: Invocation): void {
  const [only] = results;
  const report = jsonReport({
    tool: { name: 'maddyc', version },
    files: results.map((each) => each.main),
    diagnostics: results.flatMap((each) => each.diagnostics),
    ...(asMaddy && only !== undefined && results.length === 1 ? { reference: only.reference() } : {}),
  });
  io.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
}

/** Since some moment; the global `performance` would load four modules of Node for it. */
function milliseconds(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}
