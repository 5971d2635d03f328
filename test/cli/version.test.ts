import { expect, test } from 'vitest';
import { version } from '../../cli/version.ts';
import { runCli } from '../kit/io.ts';

const cwd = import.meta.dirname;

test('is told in the form of maddy, by `run -v` with the name before it', async () => {
  const text = (await runCli(['version'], { cwd })).stdout;
  expect(text).toBe(`${version} ${process.platform}/${process.arch} node${process.versions.node}

default config: /etc/maddy/maddy.conf
default state_dir: /var/lib/maddy
default runtime_dir: /run/maddy
`);
  expect(await runCli(['run', '-v'], { cwd })).toMatchObject({ code: 0, stdout: `maddy ${text}`, stderr: '' });
});
