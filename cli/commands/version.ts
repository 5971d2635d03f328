import { type Command, commonOptions } from '../command.ts';
import { version as packageVersion } from '../version.ts';
import { usualPlaces, versionText } from '../version-text.ts';

export const version: Command = {
  name: 'version',
  summary: 'version and default places',
  usage: '',
  description: 'In maddy’s form; `maddyc --version` prints the number alone.',
  options: [commonOptions.json],
  examples: [{ command: 'maddyc version --json', says: 'for a program to read' }],
  exitCodes: [[0, 'always']],
  docs: 'cli.md',
  operands: 0,

  async run({ io, has }) {
    const { platform, arch, versions } = process;
    const facts = { version: packageVersion, platform, arch, node: versions.node, ...usualPlaces };
    io.stdout.write(has('json') ? `${JSON.stringify(facts, null, 2)}\n` : versionText());
    return 0;
  },
};
