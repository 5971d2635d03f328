import type { Analysis } from '../../compiler/index.ts';
import { type Command, commonOptions } from '../command.ts';
import { ConfigurationErrors, ConfigurationFile, producer } from '../configuration.ts';
import { configOption, harnessOptions, maddyFile } from '../maddy-options.ts';
import { version } from '../version.ts';

export const verifyConfig: Command = {
  name: 'verify-config',
  summary: 'maddy’s check: the first error, in its words',
  usage: '[-config FILE]',
  description: `For scripts that were written for maddy: one line "Error: …", or "No errors detected". Unlike maddy it writes nothing and
contacts nobody. All findings, with places and advice: maddyc check.`,
  options: [
    configOption,
    { name: 'debug', help: 'a line for each module that is configured' },
    ...harnessOptions,
    commonOptions.color,
  ],
  examples: [
    { command: 'maddyc -config maddy.conf verify-config', says: 'as maddy is called' },
    { command: 'maddyc verify-config -config maddy.conf', says: 'the same' },
    { command: 'maddyc check maddy.conf', says: 'every error instead of the first' },
  ],
  exitCodes: [
    [0, 'No errors detected'],
    [2, 'an error, or wrong use'],
  ],
  docs: 'cli.md',
  // maddy takes no notice of arguments here.
  operands: Number.POSITIVE_INFINITY,

  async run({ io, value, has }) {
    const path = maddyFile(io, value('config'));
    try {
      const file = await ConfigurationFile.openForRun(path, io);
      const analysis = file.analyse({ environment: 'expand' });
      const { plan, diagnostics } = analysis.plan(`${producer} ${version}`);
      if (has('debug')) for (const line of moduleLines(analysis)) io.stderr.write(`[debug] ${line}\t\n`);
      if (plan === null) throw new ConfigurationErrors(analysis, diagnostics, analysis.reference().error);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      io.stderr.write(`Error: ${error.message}\n`);
      return 2;
    }
    io.stderr.write('No errors detected\n');
    return 0;
  },
};

/** In maddy's words: a line for each module written in place, with its arguments. */
function moduleLines({ program }: Analysis): readonly string[] {
  const topLevel = new Set([...program.blocks.values(), ...program.endpoints].map(({ header }) => header));
  return [...program.meanings].flatMap(([directive, { module }]) => {
    const [first, ...others] = directive.args.map((arg) => arg.value);
    if (module === undefined || topLevel.has(directive) || first?.startsWith('&')) return [];
    // `deliver_to dummy` names a module, `spf { … }` among checks is one.
    const names = first !== undefined && (module.name === first || module.name.endsWith(`.${first}`));
    const args = names ? others : [first, ...others].filter((arg) => arg !== undefined);
    return [`${directive.origin.file.path}:${directive.line}: new module ${module.name} [${args.join(' ')}]`];
  });
}
