import { resolve } from 'node:path';
import { type Command, commonOptions } from '../command.ts';
import { ConfigurationFile, producer, writeFindings } from '../configuration.ts';
import { defaultFile } from '../default-file.ts';
import { dialectOption, namedDialect } from '../dialect.ts';
import { replaceNamedFile } from '../replace-file.ts';

export const compile: Command = {
  name: 'compile',
  summary: 'the plan: what a configuration means, as one JSON file that run takes',
  usage: '[FILE] [-o PLAN]',
  description: `Resolves imports, macros, names and defaults into one file. The same configuration gives the same bytes. Variables
({env:NAME}) stay references and are read by run, so that CI compiles without secrets; --embed-env puts them in now.`,
  options: [
    {
      name: 'output',
      short: 'o',
      value: 'PLAN',
      help: 'write the plan there (mode 0600) instead of to standard output',
    },
    { name: 'embed-env', help: 'put the values of environment variables into the plan' },
    dialectOption,
    commonOptions.quiet,
    commonOptions.color,
  ],
  examples: [
    { command: 'maddyc compile maddy.conf -o plan.json', says: 'compile, then: maddyc run plan.json' },
    { command: 'maddyc compile maddy.conf | jq .endpoints[].addresses', says: 'ask the plan something' },
    { command: 'DOMAIN=example.org maddyc compile --embed-env -o plan.json', says: './maddy.conf, for one domain' },
  ],
  exitCodes: [
    [0, 'compiled'],
    [1, 'the configuration has errors'],
    [2, 'wrong use, or no such file'],
  ],
  docs: 'cli.md',
  operands: 1,

  async run(invocation) {
    const { io, operands, has, value } = invocation;
    const path = operands[0] ?? defaultFile(io);
    const file = await ConfigurationFile.open(path, io);
    const analysis = file.analyse({
      environment: has('embed-env') ? 'expand' : 'keep',
      dialect: namedDialect(invocation),
    });
    const { plan, diagnostics } = analysis.plan(producer);
    const errors = plan === null ? diagnostics : analysis.startErrors;
    if (plan === null || errors.length > 0) {
      writeFindings(errors, analysis, io.stderr, invocation);
      const count = errors.length === 1 ? '1 error' : `${errors.length} errors`;
      io.stderr.write(`\n${path}: not compiled: ${count}\n`);
      return 1;
    }
    const text = `${JSON.stringify(plan, null, 2)}\n`;
    const output = value('output');
    if (output === undefined || output === '-') {
      io.stdout.write(text);
    } else {
      // Plans may hold passwords of the configuration: nobody else may read them (R8).
      replaceNamedFile(output, resolve(io.cwd, output), new TextEncoder().encode(text), { mode: 0o600 });
      if (!has('quiet')) io.stderr.write(`${path}: compiled to ${output}\n`);
    }
    return 0;
  },
};
