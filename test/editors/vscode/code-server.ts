import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../kit/free-port.ts';
import { installDependencies } from '../../kit/tools.ts';
import { Unavailable, until } from '../stage.ts';
import { restricted, settings } from './settings.ts';
import type { InstanceOptions, VscodeInstance } from './vscode-instance.ts';

/** VS Code with its server process: the extension's desktop entry runs there, the server as a process of its own. */
export async function startCodeServer(options: InstanceOptions): Promise<VscodeInstance> {
  const { codeServer, scratch, workspace } = options;
  try {
    installDependencies(join(codeServer, 'lib/vscode'));
  } catch (error) {
    throw new Unavailable(
      `code-server's dependencies could not be fetched: ${error instanceof Error ? error.message : error}`,
    );
  }
  const entry = join(codeServer, 'out/node/entry.js');
  const data = join(scratch, 'data');
  const values = options.isTrusted ? settings : { ...settings, ...restricted };
  mkdirSync(join(data, 'User'), { recursive: true });
  writeFileSync(join(data, 'User/settings.json'), JSON.stringify(values));
  const env = surroundings(scratch, data);
  const base = [
    entry,
    '--config',
    join(scratch, 'config.yaml'),
    '--user-data-dir',
    data,
    '--extensions-dir',
    join(scratch, 'extensions'),
  ];
  if (options.vsix !== null) {
    execFileSync(process.execPath, [...base, '--install-extension', options.vsix, '--force'], {
      env,
      stdio: 'pipe',
      timeout: 60_000,
    });
  }
  const versions = execFileSync(process.execPath, [entry, '--config', join(scratch, 'config.yaml'), '--version'], {
    env,
    stdio: 'pipe',
  });
  const port = await freePort();
  const log = openSync(join(options.output, 'code-server.log'), 'w');
  const child = spawn(
    process.execPath,
    [
      ...base,
      ...['--auth', 'none', '--bind-addr', `127.0.0.1:${port}`],
      ...[
        '--disable-telemetry',
        '--disable-update-check',
        '--disable-getting-started-override',
        '--disable-proxy',
        ...(options.isTrusted ? ['--disable-workspace-trust'] : []),
      ],
      // Without it a built VS Code does not listen to the extension paths of the address.
      ...(options.development === null ? [] : ['--vscode-option', 'enable-smoke-test-driver']),
      workspace,
    ],
    // A group of its own, so that its children end with it.
    { env, stdio: ['ignore', log, log], detached: true },
  );
  const stop = () => stopGroup(child.pid, () => child.exitCode !== null || child.signalCode !== null);
  try {
    await until('code-server answers', async () => {
      if (child.exitCode !== null) throw new Error(`code-server ended with ${child.exitCode}; see code-server.log`);
      return fetch(`http://127.0.0.1:${port}/healthz`)
        .then((answer) => answer.ok)
        .catch(() => false);
    });
  } catch (error) {
    await stop();
    throw error;
  }
  const remote = (path: string) => `vscode-remote://127.0.0.1:${port}${path}`;
  const payload = [
    ...(options.development === null
      ? []
      : [
          ['extensionDevelopmentPath', remote(options.development)],
          ['extensionTestsPath', remote(join(options.development, 'suite'))],
        ]),
    ['openFile', remote(join(workspace, options.file))],
  ];
  const query = `folder=${encodeURIComponent(workspace)}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
  return {
    url: `http://127.0.0.1:${port}/?${query}`,
    version: versions.toString().trim().split('\n').at(-1) ?? '',
    processId: child.pid ?? null,
    stop,
  };
}

/** Nothing of the user's own VS Code, and nothing that npm or a surrounding VS Code set. */
function surroundings(scratch: string, data: string): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([key]) => !/^(npm_|VSCODE_|PASSWORD$)/i.test(key));
  return { ...Object.fromEntries(own), HOME: scratch, XDG_DATA_HOME: data, XDG_CONFIG_HOME: scratch };
}

async function stopGroup(pid: number | undefined, hasEnded: () => boolean): Promise<void> {
  if (pid === undefined) return;
  const signal = (name: NodeJS.Signals) => {
    try {
      process.kill(-pid, name);
    } catch {
      // All have ended.
    }
  };
  signal('SIGTERM');
  await until('code-server ends', async () => hasEnded(), 3).catch(() => undefined);
  signal('SIGKILL');
}
