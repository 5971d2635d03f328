import { type Command, commonOptions } from '../command.ts';
import { ConfigurationErrors, ConfigurationFile, producer } from '../configuration.ts';
import { version } from '../version.ts';

const systemFile = '/etc/maddy/maddy.conf';

export const verifyConfig: Command = {
  name: 'verify-config',
  summary: 'maddy’s check: the first error, in its words',
  usage: '[-config FILE]',
  description: `For scripts that were written for maddy: one line "Error: …", or "No errors detected". Unlike maddy it writes nothing and
contacts nobody. All findings, with places and advice: maddyc check.`,
  options: [
    { name: 'config', value: 'FILE', help: `default: MADDY_CONFIG, then ${systemFile}` },
    { name: 'debug', help: 'accepted, no effect', hidden: true },
    { name: 'debug.smtpport', value: 'PORT', help: 'accepted, no effect', hidden: true },
    { name: 'debug.dnsoverride', value: 'HOST:PORT', help: 'accepted, no effect', hidden: true },
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

  async run({ io, value }) {
    const path = value('config') ?? io.env.MADDY_CONFIG ?? systemFile;
    try {
      const file = await ConfigurationFile.openForRun(path, io);
      const analysis = file.analyse({ environment: 'expand' });
      const { plan, diagnostics } = analysis.plan(`${producer} ${version}`);
      if (plan === null) throw new ConfigurationErrors(analysis, diagnostics);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      io.stderr.write(`Error: ${error.message}\n`);
      return 2;
    }
    io.stderr.write('No errors detected\n');
    return 0;
  },
};
