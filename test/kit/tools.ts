import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** Programs of the npm registry that few need and that are large (up to 600 MB): fetched on demand, never by `npm ci`. */
const tools = {
  vsce: '@vscode/vsce@4.1.0',
  'playwright-core': 'playwright-core@1.65.1',
  'test-web': '@vscode/test-web@0.0.81',
  'code-server': 'code-server@4.139.1',
} as const;

export type ToolName = keyof typeof tools;

/** Outside of the repository, so that clones share it: `MADDYC_TOOLS`, else below the user's cache. */
function cacheFolder(): string {
  return process.env.MADDYC_TOOLS ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'maddyc-tools');
}

/** The folder of the tool's package; installs it when it is not there. Throws when it cannot be had. */
export function installTool(name: ToolName): string {
  const tool = tools[name];
  const separator = tool.lastIndexOf('@');
  const folder = join(cacheFolder(), `${name}-${tool.slice(separator + 1)}`);
  if (!existsSync(folder)) {
    mkdirSync(dirname(folder), { recursive: true });
    const unfinished = mkdtempSync(`${folder}-`);
    try {
      writeFileSync(join(unfinished, 'package.json'), '{"private":true}');
      npmInstall(unfinished, tool);
      renameSync(unfinished, folder);
    } catch (error) {
      rmSync(unfinished, { recursive: true, force: true });
      // Somebody else may have been faster.
      if (!existsSync(folder)) throw error;
    }
  }
  return join(folder, 'node_modules', tool.slice(0, separator));
}

/** Adds the dependencies of a folder that has a package.json of its own, as code-server's VS Code has: it needs them to run as a process. */
export function installDependencies(folder: string): void {
  const done = join(folder, '.maddyc-installed');
  if (existsSync(done)) return;
  npmInstall(folder, '--omit=dev');
  writeFileSync(done, '');
}

function npmInstall(folder: string, arg: string): void {
  process.stderr.write(`fetching ${arg.startsWith('-') ? `what ${folder} needs` : arg} (once)\n`);
  // What npm tells its scripts about this project must not steer an installation elsewhere.
  const env = Object.entries(process.env).filter(
    ([key]) => !/^npm_(config_(?!registry)|package_|lifecycle_)/i.test(key),
  );
  execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', arg], {
    cwd: folder,
    env: Object.fromEntries(env),
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: 300_000,
    shell: process.platform === 'win32',
  });
}
