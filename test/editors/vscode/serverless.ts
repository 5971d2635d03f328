import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { must } from '../stage.ts';
import { settings } from './settings.ts';
import type { InstanceOptions, VscodeInstance } from './vscode-instance.ts';

/** code-server always sets a remote; these edits of its workbench, made while it is served, make it what vscode.dev is. */
const workbenchEdits: readonly (readonly [RegExp, string])[] = [
  [/\{\.\.\.JSON\.parse\((\w+)\),remoteAuthority:location\.host\}/, 'JSON.parse($1)'],
  [
    /\w+\((\w+)\.file\(this\.userDataPath\)\.with\(\{scheme:(\w+)\.vscodeRemote\}\),"User"\)/,
    '$1.file("/User").with({scheme:$2.vscodeUserData})',
  ],
];

const mediaTypes: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.html': 'text/html',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
};

export interface ServerlessOptions extends InstanceOptions {
  /** The extension, unpacked: a web page cannot install a `.vsix`. */
  readonly extension: string;
  /** Folder of the extension that gives a workspace over HTTP. */
  readonly fileSystemExtension: string;
}

/** VS Code as a static web page: no process of its own, the extension's browser entry and its server run in workers. */
export async function startServerless(options: ServerlessOptions): Promise<VscodeInstance> {
  const vscode = join(options.codeServer, 'lib/vscode');
  const mounts: (readonly [prefix: string, folder: string])[] = [
    ['/extension', options.extension],
    ['/static/extensions/fs', options.fileSystemExtension],
    ['/static/mount', options.workspace],
    ['/static', vscode],
  ];
  const server = createServer((request, response) => answer(request, response));
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    try {
      const url = new URL(request.url ?? '/', 'http://localhost');
      const body = url.pathname === '/' ? page(options, request.headers.host ?? '') : serve(mounts, url);
      response.setHeader(
        'content-type',
        url.pathname === '/' ? 'text/html' : (mediaTypes[extname(url.pathname)] ?? 'application/octet-stream'),
      );
      response.end(body);
    } catch {
      response.statusCode = 404;
      response.end();
    }
  };
  // Fails at once, not as a blank page, when another version looks different.
  editWorkbench(readFileSync(join(vscode, 'out/vs/code/browser/workbench/workbench.js'), 'utf8'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  must(typeof address === 'object' && address !== null, 'the web server has no address');
  const payload = JSON.stringify([['openFile', `vscode-test-web://mount/${options.file}`]]);
  const manifest: { version: string } = JSON.parse(readFileSync(join(vscode, 'package.json'), 'utf8'));
  return {
    url: `http://127.0.0.1:${address.port}/?payload=${encodeURIComponent(payload)}`,
    version: manifest.version,
    processId: null,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function serve(mounts: readonly (readonly [string, string])[], url: URL): string | Buffer {
  const path = decodeURIComponent(url.pathname);
  const mount = mounts.find(([prefix]) => path === prefix || path.startsWith(`${prefix}/`));
  if (mount === undefined) throw new Error('no such place');
  const file = join(mount[1], path.slice(mount[0].length));
  if (mount[0] === '/static/mount') {
    if (url.searchParams.has('stat')) return describe(() => statOf(file));
    if (url.searchParams.has('readdir')) return describe(() => entriesOf(file));
  }
  const body = readFileSync(file);
  return path.endsWith('/code/browser/workbench/workbench.js') ? editWorkbench(body.toString()) : body;
}

function editWorkbench(text: string): string {
  for (const [pattern, replacement] of workbenchEdits) {
    must(pattern.test(text), `this VS Code's workbench has no ${pattern}`);
    text = text.replace(pattern, replacement);
  }
  return text;
}

/** The file system extension asks for JSON, and for the name of the error. */
function describe(read: () => unknown): string {
  try {
    return JSON.stringify(read());
  } catch (error) {
    return JSON.stringify({ error: error instanceof Error && 'code' in error ? error.code : 'EIO' });
  }
}

const fileType = { file: 1, directory: 2, other: 64 } as const;

function typeOf(entry: { isFile(): boolean; isDirectory(): boolean }): number {
  return entry.isFile() ? fileType.file : entry.isDirectory() ? fileType.directory : fileType.other;
}

function statOf(file: string): object {
  const stat = statSync(file);
  return { type: typeOf(stat), ctime: stat.ctimeMs, mtime: stat.mtimeMs, size: stat.size };
}

function entriesOf(folder: string): readonly object[] {
  return readdirSync(folder, { withFileTypes: true }).map((entry) => ({ name: entry.name, type: typeOf(entry) }));
}

function page(options: ServerlessOptions, authority: string): string {
  const at = (path: string) => ({ scheme: 'http', authority, path });
  const configuration = {
    folderUri: { $mid: 1, scheme: 'vscode-test-web', authority: 'mount', path: '/' },
    additionalBuiltinExtensions: [
      ...(options.development === null ? [at('/extension')] : []),
      at('/static/extensions/fs'),
    ],
    configurationDefaults: settings,
    enableWorkspaceTrust: false,
    developmentOptions: {
      logLevel: 3,
      ...(options.development === null
        ? {}
        : { extensions: [at('/extension')], extensionTestsPath: at('/extension/suite') }),
    },
    productConfiguration: {
      nameShort: 'Code web',
      nameLong: 'Code web',
      enableTelemetry: false,
      extensionEnabledApiProposals: { 'vscode.vscode-test-web-fs': ['fileSearchProvider', 'textSearchProvider'] },
    },
    // code-server's workbench demands these.
    userDataPath: '/user',
    webviewEndpoint: '/static/out/vs/workbench/contrib/webview/browser/pre',
    isEnabledFileDownloads: true,
    isEnabledFileUploads: true,
    isEnabledCoderGettingStarted: false,
  };
  const attribute = JSON.stringify(configuration).replace(/&/g, '&amp;').replace(/"/g, '&quot;');
  const out = '/static/out/vs/code/browser/workbench/workbench';
  return `<!DOCTYPE html><html><head><meta charset="utf-8">
<meta id="vscode-workbench-web-configuration" data-settings="${attribute}"><link rel="stylesheet" href="${out}.css"></head>
<body aria-label=""></body><script>globalThis._VSCODE_FILE_ROOT = location.origin + '/static/out/';</script>
<script type="module" src="/static/out/nls.messages.js"></script><script type="module" src="${out}.js"></script></html>`;
}
