import { type Command, commonOptions } from '../command.ts';
import { version as packageVersion } from '../version.ts';

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
    const { node } = process.versions;
    const { platform, arch } = process;
    const places = { config: '/etc/maddy/maddy.conf', state_dir: '/var/lib/maddy', runtime_dir: '/run/maddy' };
    io.stdout.write(
      has('json')
        ? `${JSON.stringify({ version: packageVersion, platform, arch, node, ...places }, null, 2)}\n`
        : `${packageVersion} ${platform}/${arch} node${node}\n\n${Object.entries(places)
            .map(([name, path]) => `default ${name}: ${path}`)
            .join('\n')}\n`,
    );
    return 0;
  },
};
