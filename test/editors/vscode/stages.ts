import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { corpusEntries, corpusFile } from '../../kit/corpus.ts';
import { freePort } from '../../kit/free-port.ts';
import { unzip } from '../../kit/unzip.ts';
import { sampleFile } from '../expected.ts';
import { findTool } from '../programs.ts';
import { writeSample, writeTour } from '../sample.ts';
import {
  type CheckResult,
  must,
  type Stage,
  type StageFolders,
  type StageResult,
  Unavailable,
  until,
} from '../stage.ts';
import { tourFile, trialFile } from '../tour.ts';
import { startCodeServer } from './code-server.ts';
import { tryDefault } from './default-checks.ts';
import { tryFromScratch } from './newcomer-checks.ts';
import { type Browser, launchBrowser } from './playwright.ts';
import { tryRestricted } from './restricted-checks.ts';
import { startServerless } from './serverless.ts';
import { runPipeline, takeTour } from './tour-checks.ts';
import { tryAsNewcomer } from './trial-checks.ts';
import { tryAsUser } from './user-checks.ts';
import type { InstanceOptions, VscodeInstance } from './vscode-instance.ts';
import { Workbench } from './workbench.ts';

const root = join(import.meta.dirname, '../../..');
const defaultFile = 'default/maddy.conf';

type Start = (options: InstanceOptions) => Promise<VscodeInstance>;

const desktop: Start = startCodeServer;
const web: Start = (options) =>
  startServerless({
    ...options,
    extension: options.development ?? unpackExtension(join(options.scratch, 'extension')),
    fileSystemExtension: join(findTool('test-web'), 'fs-provider'),
  });

export const vscodeServer: Stage = {
  name: 'server',
  shows: 'the packaged extension in VS Code with its server process: what a user does and sees',
  run: (folders) => asUser(desktop, folders, sampleFile, tryAsUser),
};

export const vscodeServerTour: Stage = {
  name: 'server-tour',
  shows: 'what is done with a configuration: picture, route, tests, the move to Dovecot',
  run: (folders) => asUser(desktop, folders, tourFile, (workbench) => takeTour(workbench, false)),
};

export const vscodeServerRun: Stage = {
  name: 'server-run',
  shows: 'the pipeline started from the editor takes a message, and is stopped',
  run: (folders) => asUser(desktop, folders, trialFile, runPipeline),
};

export const vscodeServerDefault: Stage = {
  name: 'server-default',
  shows: "test messages and a trial on maddy's own configuration as it comes",
  run: (folders) => withDefault(folders, tryDefault),
};

export const vscodeServerNewcomer: Stage = {
  name: 'server-newcomer',
  shows: "maddy's own configuration broken, repaired, moved to Dovecot and tried, by somebody who has read nothing",
  run: (folders) => withDefault(folders, tryFromScratch),
};

export const vscodeServerTrial: Stage = {
  name: 'server-trial',
  shows: 'what somebody tries who has read nothing: breaks and repairs a configuration, and moves it to Dovecot',
  run: (folders) => asUser(desktop, folders, tourFile, tryAsNewcomer),
};

export const vscodeServerRestricted: Stage = {
  name: 'server-restricted',
  shows: 'a folder that is not trusted: it is checked, and nothing is started',
  run: (folders) => asUser((options) => desktop({ ...options, isTrusted: false }), folders, sampleFile, tryRestricted),
};

export const vscodeWebTour: Stage = {
  name: 'web-tour',
  shows: 'the same in a web page',
  run: (folders) => asUser(web, folders, tourFile, (workbench) => takeTour(workbench, true)),
};

export const vscodeWeb: Stage = {
  name: 'web',
  shows: 'the packaged extension in VS Code as a web page, server in a worker: what a user does and sees',
  run: (folders) => asUser(web, folders, sampleFile, tryAsUser),
};

export const vscodeServerHost: Stage = {
  name: 'server-host',
  shows: "the extension asked through VS Code's own API, in its extension host",
  run: (folders) => inExtensionHost(desktop, folders),
};

export const vscodeWebHost: Stage = {
  name: 'web-host',
  shows: 'the same in the extension host of a web page, which has no process and no files of its own',
  run: (folders) => inExtensionHost(web, folders),
};

function withDefault(
  folders: StageFolders,
  use: (workbench: Workbench, text: string) => Promise<readonly CheckResult[]>,
): Promise<StageResult> {
  if (corpusEntries().length === 0) throw new Unavailable("maddy's own configuration is not beside the repository");
  const file = join(workspaceOf(folders), defaultFile);
  mkdirSync(dirname(file), { recursive: true });
  const text = corpusFile('files/foxcpp_maddy__maddy-82663070.conf');
  writeFileSync(file, text);
  return asUser(desktop, folders, defaultFile, (workbench) => use(workbench, new TextDecoder().decode(text)));
}

async function asUser(
  start: Start,
  folders: StageFolders,
  file: string,
  use: (workbench: Workbench, workspace: string) => Promise<readonly CheckResult[]>,
): Promise<StageResult> {
  return withVscode(
    start,
    folders,
    { vsix: packagedExtension(), development: null, file },
    async (browser, instance, loading) => {
      const workbench = new Workbench(browser.page, folders.output);
      const checks = await use(workbench, workspaceOf(folders));
      const figures = { ...loading, ...memory(instance) };
      return { checks, figures };
    },
  );
}

async function inExtensionHost(start: Start, folders: StageFolders): Promise<StageResult> {
  const development = unpackExtension(join(folders.scratch, 'development'));
  await build({
    entryPoints: [join(import.meta.dirname, 'suite.ts')],
    outfile: join(development, 'suite.js'),
    bundle: true,
    platform: 'browser',
    format: 'cjs',
    external: ['vscode'],
    logLevel: 'warning',
  });
  return withVscode(
    start,
    folders,
    { vsix: null, development, file: sampleFile },
    async (browser, _instance, loading, exit) => {
      const code = await until('the suite ends', async () => exit(), 90).catch(() => null);
      // The suite writes one line with its results, as the extension host has no other way out.
      const line = browser.log.find((each) => each.includes('MADDYC-SUITE '));
      await browser.page.screenshot({ path: join(folders.output, 'suite.png') });
      must(line !== undefined, `the suite gave no results (exit code ${code})`);
      const checks: CheckResult[] = JSON.parse(line.slice(line.indexOf('MADDYC-SUITE ') + 'MADDYC-SUITE '.length));
      return { checks, figures: loading };
    },
  );
}

async function withVscode(
  start: Start,
  { output, scratch }: StageFolders,
  extension: Pick<InstanceOptions, 'vsix' | 'development' | 'file'>,
  run: (
    browser: Browser,
    instance: VscodeInstance,
    loading: Record<string, number>,
    exit: () => number | null,
  ) => Promise<StageResult>,
): Promise<StageResult> {
  const codeServer = findTool('code-server');
  const workspace = workspaceOf({ scratch });
  writeSample(workspace);
  writeTour(workspace, await freePort());
  const begin = performance.now();
  const instance = await start({ codeServer, workspace, scratch, output, isTrusted: true, ...extension });
  const served = performance.now();
  let browser: Browser | null = null;
  try {
    browser = await launchBrowser(scratch);
    let exitCode: number | null = null;
    // VS Code's way to report from a test run in a page.
    await browser.page.exposeFunction('codeAutomationLog', () => undefined);
    await browser.page.exposeFunction('codeAutomationExit', (code: number) => {
      exitCode = code;
    });
    await browser.page.goto(instance.url);
    const loading = { 'VS Code served ms': served - begin, 'page loaded ms': performance.now() - served };
    return await run(browser, instance, loading, () => exitCode);
  } finally {
    writeFileSync(join(output, 'console.log'), (browser?.log ?? []).join('\n'));
    await browser?.close().catch(() => undefined);
    await instance.stop();
  }
}

const workspaceOf = ({ scratch }: Pick<StageFolders, 'scratch'>): string => join(scratch, 'workspace');

function packagedExtension(): string {
  const folder = join(root, 'vscode-extension');
  const [file] = readdirSync(folder).filter((name) => name.endsWith('.vsix'));
  if (file === undefined) throw new Unavailable('the extension could not be packaged');
  return join(folder, file);
}

/** What the package holds, as files: a web page cannot install it, and a test suite must lie inside of it. */
function unpackExtension(folder: string): string {
  for (const [name, content] of unzip(readFileSync(packagedExtension()))) {
    if (!name.startsWith('extension/')) continue;
    const path = join(folder, name.slice('extension/'.length));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  return folder;
}

/** Of the server processes behind the page, in megabytes; there are none in the web. */
function memory({ processId }: VscodeInstance): Record<string, number> {
  if (processId === null) return {};
  const groups = readdirSync('/proc').flatMap((name) => {
    try {
      const [, , , group] = /^(\d+) \(.*\) (\S+) \d+ (\d+)/.exec(readFileSync(`/proc/${name}/stat`, 'utf8')) ?? [];
      return Number(group) === processId ? [name] : [];
    } catch {
      return [];
    }
  });
  const sizes = groups.map((name) => {
    const command = readFileSync(`/proc/${name}/cmdline`, 'utf8');
    const [, size] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${name}/status`, 'utf8')) ?? [];
    return { command, megabytes: Number(size ?? 0) / 1024 };
  });
  const server = sizes.find(({ command }) => command.includes('dist/server.js'));
  return {
    'VS Code server MB': sizes.reduce((sum, { megabytes }) => sum + megabytes, 0),
    ...(server === undefined ? {} : { 'language server MB': server.megabytes }),
  };
}
