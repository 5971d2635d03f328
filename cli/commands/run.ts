import { resolve } from 'node:path';
import type { Suppositions } from '../../compiler/routing/explain/request.ts';
import { type Command, commonOptions, type Invocation } from '../command.ts';
import { ConfigurationErrors, ConfigurationFile, writeFindings } from '../configuration.ts';
import type { Output } from '../io.ts';
import { harnessOptions, maddyFile, systemFile } from '../maddy-options.ts';
import { readSuppositions, suppositionOptions } from '../route/route-request.ts';
import type { Trial } from '../trial/trial.ts';
import { version } from '../version.ts';
import { versionText } from '../version-text.ts';

/** More than any machine has cores for: a typing mistake. */
const mostWorkers = 256;
/** Milliseconds for what is left when the server has stopped. */
const farewell = 100;

export const run: Command = {
  name: 'run',
  summary: 'the mail server, in maddy’s place',
  usage: '[FILE] [options]',
  description: `Serves a configuration or a compiled plan until SIGINT, SIGTERM or SIGHUP. SIGUSR2 reads it again without refusing a
connection, SIGUSR1 reopens log files. maddy's own form works as well: maddyc -config FILE run.
Without FILE: -config, MADDY_CONFIG, then ${systemFile}.`,
  options: [
    { name: 'config', value: 'FILE', help: 'the configuration (maddy’s form; FILE as an argument does the same)' },
    {
      name: 'log',
      value: 'TARGET|FILE',
      usual: () => ['stderr', 'stderr_ts', 'syslog', 'off'],
      repeat: true,
      help: 'stderr, stderr_ts, syslog, off or a file; default stderr',
    },
    {
      name: 'log-format',
      value: 'FORM',
      choices: ['maddy', 'json'],
      help: 'lines as maddy writes them (default), or one JSON object a line',
    },
    { name: 'workers', value: 'N', help: 'processes that share the work; default 1 (see docs/workers.md)' },
    {
      name: 'trial',
      help: 'try it here: loopback ports, a certificate and an account of its own, mail to files (see docs/trial.md)',
    },
    { ...suppositionOptions[0], help: 'with --trial: what a check says that is not asked; pass untold' },
    {
      name: 'trial-dir',
      value: 'DIR',
      help: 'with --trial: where everything is kept; untold, a new directory that goes at the end',
    },
    { name: 'json', help: 'with --trial: one line of JSON on standard output when it is ready' },
    { name: 'warn', help: 'print the findings of the rules once at start' },
    { name: 'debug', help: 'debug lines from the start' },
    { name: 'libexec', value: 'DIR', help: 'where helper programs are looked for first; default /usr/lib/maddy' },
    commonOptions.color,
    ...harnessOptions,
    { name: 'v', help: 'print the version', hidden: true },
  ],
  examples: [
    { command: 'maddyc run maddy.conf', says: 'serve it in the foreground; Ctrl-C ends it' },
    { command: 'maddyc run maddy.conf --trial', says: 'send real mail through it, without root and without harm' },
    {
      command: 'maddyc compile maddy.conf -o plan.json && maddyc run plan.json',
      says: 'compile in one place, run in another',
    },
    { command: 'maddyc -config /etc/maddy/maddy.conf run', says: 'where "maddy run" stood before' },
  ],
  exitCodes: [
    [0, 'stopped by a signal'],
    [1, 'not started: errors in the configuration, a port is taken, … (standard error says which)'],
    [2, 'wrong use'],
  ],
  docs: 'run.md',
  operands: Number.POSITIVE_INFINITY,

  async run(invocation) {
    const { io, operands, has, value, values } = invocation;
    if (has('v')) {
      io.stdout.write(`maddy ${versionText()}`);
      return 0;
    }
    const isMaddyForm = has('config');
    if (operands.length > (isMaddyForm ? 0 : 1)) {
      io.stderr.write(`Error: usage: ${process.argv[1] ?? 'maddyc'} [options]\n\n`);
      return 2;
    }
    const workers = Number(value('workers') ?? '1');
    if (!Number.isInteger(workers) || workers < 1 || workers > mostWorkers) {
      io.stderr.write(`Error: --workers is a number from 1 to ${mostWorkers}\n`);
      return 2;
    }
    const mxPort = value('debug.smtpport');
    if (mxPort !== undefined && !(/^\d{1,5}$/.test(mxPort) && Number(mxPort) <= 65_535)) {
      io.stderr.write('Error: -debug.smtpport is a number from 0 to 65535\n');
      return 2;
    }
    const misused = misusedTrialOption(invocation, workers);
    if (misused !== null) {
      io.stderr.write(`Error: ${misused}\n`);
      return 2;
    }
    const { LoadError, LogTargetError, serve } = await import('../../runtime/index.ts');
    const path = resolve(io.cwd, maddyFile(io, operands[0] ?? value('config')));
    const suppositions = readSuppositions(invocation);
    let trial: Trial | null = null;
    try {
      trial = has('trial') ? await openTrial(invocation, path, suppositions) : null;
      const options = {
        loadPlan: async () => (await openFile(path, invocation)).plan(),
        logWords: values('log').length > 0 ? values('log') : ['stderr'],
        logFormat: value('log-format') === 'json' ? ('json' as const) : ('maddy' as const),
        version,
        workers,
        debug: has('debug'),
        libexec: value('libexec') ?? '/usr/lib/maddy',
        dnsServer: dnsServer(value('debug.dnsoverride')),
        ...(mxPort !== undefined && { mxPort: Number(mxPort) }),
      };
      const code = await (trial === null ? serve(options) : trial.serve(options, serve));
      // A connection to a server that does not answer must not keep what has been stopped (R9).
      setTimeout(() => process.exit(code), farewell).unref();
      return code;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      io.stderr.write(`Error: ${error.message}\n`);
      if (error instanceof LogTargetError) return 2;
      if (error instanceof LoadError) {
        for (const problem of error.messages.slice(1)) io.stderr.write(`       ${problem}\n`);
      } else if (error instanceof ConfigurationErrors && (io.stderr.isTerminal || has('warn'))) {
        // Scripts read one line, as from maddy; people get the rest of it.
        writeFindings(error.diagnostics, error.analysis, io.stderr, invocation);
      }
      return 1;
    } finally {
      trial?.close();
    }
  },
};

async function openTrial(invocation: Invocation, file: string, suppositions: Suppositions): Promise<Trial> {
  const { io, value, has } = invocation;
  const { Trial } = await import('../trial/trial.ts');
  const write = (output: Output) => (text: string) => output.write(text);
  const hasJson = has('json');
  const isForPrograms = hasJson && value('log-format') === 'json';
  return new Trial({
    file,
    directory: value('trial-dir') ?? null,
    cwd: io.cwd,
    env: io.env,
    open: (env) => ConfigurationFile.openForRun(file, { ...io, env }),
    opened: (opened) => warn(opened, invocation),
    suppositions,
    say: isForPrograms ? null : write(hasJson ? io.stderr : io.stdout),
    tell: hasJson ? write(io.stdout) : null,
  });
}

/** Why the options do not go together; null when they do. */
function misusedTrialOption({ has }: Invocation, workers: number): string | null {
  if (has('trial')) return workers > 1 ? '--trial runs in one process: leave --workers out' : null;
  const option = ['trial-dir', 'check', 'json'].find(has);
  return option === undefined ? null : `--${option} goes with --trial`;
}

async function openFile(path: string, invocation: Invocation): Promise<ConfigurationFile> {
  const file = await ConfigurationFile.openForRun(path, invocation.io);
  warn(file, invocation);
  return file;
}

/** `--warn` */
function warn(file: ConfigurationFile, invocation: Invocation): void {
  if (!invocation.has('warn') || file.isPlan) return;
  const analysis = file.analyse({ environment: 'expand' });
  const advice = analysis.diagnostics.filter((each) => !analysis.loadErrors.includes(each));
  writeFindings(advice, analysis, invocation.io.stderr, invocation);
}

/** `system-default` and the empty string mean no override. */
function dnsServer(word: string | undefined): string | null {
  return word === undefined || word === '' || word === 'system-default' ? null : word;
}
