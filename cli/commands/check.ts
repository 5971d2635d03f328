import { reportFormats } from '../../compiler/index.ts';
import { conclude } from '../check/conclude.ts';
import { examine, examineAll } from '../check/examine.ts';
import { inputsOf } from '../check/inputs.ts';
import { Progress } from '../check/progress.ts';
import { wantedBy } from '../check/wanted.ts';
import { type Command, commonOptions } from '../command.ts';
import { dialectOption } from '../dialect.ts';

const formatNames = Object.keys(reportFormats);

export const check: Command = {
  name: 'check',
  summary: 'every mistake of a configuration, at its cause',
  usage: '[FILE|FOLDER|PATTERN]… [options]',
  description: `Reads the configuration with its imports and table files, and nothing else: no socket, key or database is touched, so that it
tells the same on a laptop, in CI and on the mail server. In folders it finds the configurations: maddy.conf, *.maddy, *.conf
that listen somewhere, or what "mainFiles" in maddyc.json names; parts that these import are checked with them.`,
  options: [
    {
      name: 'fix',
      value: 'WHICH',
      optionalValue: true,
      choices: ['safe', 'all'],
      help: 'put right what is certainly meant; --fix=all also what is most likely meant',
    },
    { name: 'diff', help: 'only show what --fix or --fix=all would change' },
    { name: 'watch', short: 'w', help: 'check again whenever a file changes that takes part' },
    { name: 'format', value: 'FORMAT', choices: formatNames, help: `how findings are told: ${formatNames.join(', ')}` },
    { ...commonOptions.json, help: 'the same as --format json' },
    { name: 'error-on-warnings', help: 'exit 1 on warnings too' },
    { name: 'max-warnings', value: 'N', help: 'exit 1 when there are more than N warnings' },
    { name: 'baseline', value: 'FILE', help: 'tell only what is not in FILE, for old configurations' },
    { name: 'update-baseline', help: 'write what is found now into the baseline' },
    {
      name: 'as',
      value: 'PROGRAM',
      choices: ['maddy-0.9.4'],
      help: 'also maddy’s own verdict: maddy-0.9.4; exit 1 when it would refuse the file',
    },
    {
      name: 'target-version',
      value: 'VERSION',
      help: 'release of maddy that the file is for: its known faults are told',
    },
    dialectOption,
    { name: 'host-checks', help: 'also look at this machine: certificates, sockets, the resolver' },
    { name: 'env-file', value: 'FILE', help: 'the variables that the server has, NAME=value a line' },
    { name: 'require-env', help: 'the variables here are the server’s: one that is not set is an error' },
    { name: 'stdin-filename', value: 'NAME', help: 'name and place of standard input, for its imports' },
    commonOptions.quiet,
    commonOptions.color,
  ],
  examples: [
    { command: 'maddyc check maddy.conf', says: 'all findings, with their lines' },
    { command: 'maddyc check --fix --diff', says: 'what could be put right by itself in ./maddy.conf' },
    { command: 'maddyc check --as maddy-0.9.4 maddy.conf', says: 'and whether maddy itself would start with it' },
    {
      command: 'maddyc check --format sarif . > maddyc.sarif',
      says: 'every configuration below this folder, for code scanning',
    },
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
    const { io, operands } = invocation;
    const wanted = wantedBy(invocation);
    if (wanted.watches) return (await import('../check/watch.ts')).watch(wanted, invocation);
    const inputs = await inputsOf(operands, io);
    if (wanted.fix !== null) {
      const { applyFixes, previewFixes } = await import('../check/apply-fixes.ts');
      await (wanted.showsDiff ? previewFixes : applyFixes)(inputs, wanted.fix, wanted.examine, invocation);
      if (wanted.showsDiff) return 0;
    }
    const progress = new Progress(io.stderr, inputs.length);
    const examineOne = (path: string): ReturnType<typeof examine> => {
      progress.step(path);
      return examine(path, wanted.examine, io);
    };
    const examinations = await examineAll(inputs, examineOne, io.cwd);
    progress.end();
    return conclude([...examinations.values()], wanted, invocation);
  },
};
