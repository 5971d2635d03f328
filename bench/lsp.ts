import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  CompletionRequest,
  DocumentFormattingRequest,
  DocumentHighlightRequest,
  DocumentSymbolRequest,
  FoldingRangeRequest,
  HoverRequest,
  InlayHintRequest,
  type Position,
  ReferencesRequest,
  RenameRequest,
  SemanticTokensRangeRequest,
  SemanticTokensRequest,
  WorkspaceDiagnosticRequest,
} from 'vscode-languageserver-protocol/node';
import { fullCapabilities, type ServerProcess, spawnServer } from '../test/kit/lsp.ts';
import { scriptOptions } from '../test/kit/script-options.ts';
import { calibrate } from './calibrate.ts';
import { generateConfiguration } from './generate-configuration.ts';

/**
 * `npm run bench:lsp`: what an editor waits for, over the real protocol with the bundled server as a process
 * (`npm run build` first). Each row of requests and of starts is of 1,000; less for a quick look: `-- --requests N` for each row, or
 * `--longest SECONDS`, after which a row ends. `n` says how many it saw. `--server FILE`: another bundle.
 */

const { values } = scriptOptions({
  options: {
    requests: { type: 'string', default: '1000' },
    longest: { type: 'string', default: 'Infinity' },
    server: { type: 'string', default: join(import.meta.dirname, '../vscode-extension/dist/server.js') },
  },
});
const requests = Number(values.requests);
const longest = Number(values.longest) * 1000;

/** Upper bounds for 95 of 100, at 4 kB and at 1 MB: in ms, of memory in MB. */
const goals: Readonly<Record<string, readonly [small: number, large: number]>> = {
  'initialize, first time ever': [Number.NaN, Number.NaN],
  initialize: [150, 150],
  'first findings, 0 ms later': [20, Number.NaN],
  'first findings, 50 ms later': [20, Number.NaN],
  'memory at rest': [80, Number.NaN],
  'first findings after open': [Number.NaN, Number.NaN],
  completion: [5, 40],
  'completion after a key': [Number.NaN, Number.NaN],
  hover: [2, 15],
  'key to findings': [8, 200],
  format: [5, 200],
  'format an untidy text': [5, 200],
  rename: [10, 200],
  references: [Number.NaN, Number.NaN],
  highlight: [Number.NaN, Number.NaN],
  'semantic tokens': [5, 60],
  'semantic tokens of a screen': [5, 60],
  'semantic tokens, text is new': [5, 60],
  'inlay hints of a screen': [Number.NaN, Number.NaN],
  'workspace of 1,000 files': [5000, 5000],
  'document symbols': [Number.NaN, Number.NaN],
  folding: [Number.NaN, Number.NaN],
};

const bundle = values.server;
if (!existsSync(bundle)) {
  console.error('the server is not built: npm run build');
  process.exit(2);
}
const quickstart = readFileSync(join(import.meta.dirname, '../examples/quickstart/maddy.conf'), 'utf8');
const command = [process.execPath, bundle, '--stdio'];
const folder = mkdtempSync(join(tmpdir(), 'maddyc-bench-lsp-'));
const quickstartUri = pathToFileURL(join(folder, 'maddy.conf')).href;
const missed: string[] = [];
const beginning = performance.now();
console.log(`one calibration loop: ${calibrate().toFixed(1)} ms`);
try {
  await measureStart();
  await measureOpening();
  await measureMemory();
  await measureWorkspace();
  for (const [column, size] of [4_000, 1_000_000].entries()) await measureSize(size, column);
  console.log(missed.length === 0 ? '\nevery goal met' : `\ngoals missed: ${missed.join('; ')}`);
  console.log(`took ${Math.round((performance.now() - beginning) / 60_000)} minutes`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measureStart(): Promise<void> {
  const start = async (rest = 0): Promise<number> => {
    const begun = performance.now();
    const server = spawnServer(command);
    await server.initialize(fullCapabilities, null);
    const time = performance.now() - begun;
    await sleep(rest);
    await kill(server);
    return time;
  };
  const first: number[] = [];
  for (let run = 0; run < 5; run += 1) {
    process.env.NODE_COMPILE_CACHE = join(folder, `code-${run}`);
    first.push(await start());
  }
  report('initialize, first time ever', 0, first);
  // The server keeps what V8 made of it a few seconds after a start; from then on it starts with that.
  await start(5_000);
  report('initialize', 0, await repeated(() => start()));
}

/** Of a server that has answered what an editor asks about a document, and then nothing for a while. */
async function measureMemory(): Promise<void> {
  const sizes: number[] = [];
  for (let run = 0; run < 3; run += 1) {
    const server = spawnServer(command);
    await server.initialize(fullCapabilities, pathToFileURL(folder).href);
    const textDocument = { uri: quickstartUri };
    await server.open(quickstartUri, quickstart);
    await server.findings(quickstartUri, 1);
    const options = { tabSize: 4, insertSpaces: true };
    for (let line = 0; line < 60; line += 1) {
      const at = { textDocument, position: { line, character: 6 } };
      await server.connection.sendRequest(HoverRequest.type, at);
      await server.connection.sendRequest(CompletionRequest.type, at);
      await server.connection.sendRequest(SemanticTokensRequest.type, { textDocument });
      await server.connection.sendRequest(DocumentSymbolRequest.type, { textDocument });
      await server.connection.sendRequest(DocumentFormattingRequest.type, { textDocument, options });
    }
    const busy = megabytes(server);
    await sleep(12_000);
    sizes.push(megabytes(server));
    console.log(`  resident ${busy} MB at work`);
    await kill(server);
  }
  report('memory at rest', 0, sizes, 'MB');
}

/** Once right after the answer to `initialize`, once after the pause that editors need before they open a file. */
async function measureOpening(): Promise<void> {
  for (const pause of [0, 50]) {
    const times = await repeated(async () => {
      const server = spawnServer(command);
      await server.initialize(fullCapabilities, pathToFileURL(folder).href);
      await sleep(pause);
      const start = performance.now();
      await server.open(quickstartUri, quickstart);
      await server.findings(quickstartUri, 1);
      const time = performance.now() - start;
      await kill(server);
      return time;
    });
    report(`first findings, ${pause} ms later`, 0, times);
  }
}

/** From `initialized` to the answer about a folder of 1,000 configurations of 1 kB. */
async function measureWorkspace(): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'maddyc-bench-workspace-'));
  const { main } = generateConfiguration(1_000);
  for (let number = 0; number < 1_000; number += 1) writeFileSync(join(root, `${number}.maddy`), `${main}nonsense\n`);
  const server = spawnServer(command);
  const { textDocument } = fullCapabilities;
  await server.initialize(
    { ...fullCapabilities, textDocument: { ...textDocument, diagnostic: {} } },
    pathToFileURL(root).href,
  );
  const start = performance.now();
  const known = new Map<string, string>();
  while (known.size < 1_000) {
    const previousResultIds = [...known].map(([uri, value]) => ({ uri, value }));
    const { items } = await server.connection.sendRequest(WorkspaceDiagnosticRequest.type, { previousResultIds });
    for (const { uri, resultId } of items) known.set(uri, resultId ?? '');
  }
  report('workspace of 1,000 files', 0, [performance.now() - start]);
  console.log(`  resident ${megabytes(server)} MB`);
  await kill(server);
  rmSync(root, { recursive: true, force: true });
}

async function measureSize(size: number, column: number): Promise<void> {
  console.log(`\n${size / 1000} kB`);
  const { files, main: text } = generateConfiguration(size);
  for (const [path, content] of files) writeFileSync(join(folder, path), content);
  const uri = pathToFileURL(join(folder, 'main.conf')).href;
  const server = spawnServer(command);
  await server.initialize(fullCapabilities, pathToFileURL(folder).href);
  await measureDocument(server, uri, text, column);
  await kill(server);
}

async function measureDocument(server: ServerProcess, uri: string, text: string, column: number): Promise<void> {
  const { connection } = server;
  const opened = performance.now();
  await server.open(uri, text);
  const items = await server.findings(uri, 1);
  report('first findings after open', column, [performance.now() - opened]);
  console.log(`  ${items.length} findings, resident ${megabytes(server)} MB`);

  const places = placesIn(text);
  const at = (index: number) => ({
    textDocument: { uri },
    position: places[(index * 7919) % places.length] ?? { line: 0, character: 0 },
  });
  const options = { tabSize: 4, insertSpaces: true };
  await row('completion', column, (index) => connection.sendRequest(CompletionRequest.type, at(index)));
  await row('hover', column, (index) => connection.sendRequest(HoverRequest.type, at(index)));
  await row('document symbols', column, () => connection.sendRequest(DocumentSymbolRequest.type, at(0)));
  await row('folding', column, () => connection.sendRequest(FoldingRangeRequest.type, at(0)));
  await row('format', column, () => connection.sendRequest(DocumentFormattingRequest.type, { ...at(0), options }));

  await server.change(uri, 2, [{ text: text.replace(/^(?: {4})+/gm, (blanks) => '\t'.repeat(blanks.length / 4)) }]);
  await server.findings(uri, 2);
  await row('format an untidy text', column, () =>
    connection.sendRequest(DocumentFormattingRequest.type, { ...at(0), options }),
  );
  await server.change(uri, 3, [{ text }]);
  await server.findings(uri, 3);

  const { textDocument } = at(0);
  const named = names(text);
  const atName = (index: number) => ({
    textDocument,
    position: named[index % named.length] ?? { line: 0, character: 0 },
  });
  await row('rename', column, (index) =>
    connection.sendRequest(RenameRequest.type, { ...atName(index), newName: 'quite_another_name' }),
  );
  await row('references', column, (index) =>
    connection.sendRequest(ReferencesRequest.type, { ...atName(index), context: { includeDeclaration: true } }),
  );
  await row('highlight', column, (index) => connection.sendRequest(DocumentHighlightRequest.type, atName(index)));
  await row('semantic tokens', column, () => connection.sendRequest(SemanticTokensRequest.type, { textDocument }));
  const screen = (index: number) => {
    const { line } = at(index).position;
    return { textDocument, range: { start: { line, character: 0 }, end: { line: line + 60, character: 0 } } };
  };
  await row('semantic tokens of a screen', column, (index) =>
    connection.sendRequest(SemanticTokensRangeRequest.type, screen(index)),
  );
  await row('inlay hints of a screen', column, (index) => connection.sendRequest(InlayHintRequest.type, screen(index)));

  let version = 3;
  // A letter is put into a word and taken out again, each time somewhere else.
  const press = async (index: number): Promise<void> => {
    version += 1;
    const start = places[((index >> 1) * 7919) % places.length] ?? { line: 0, character: 0 };
    const end = index % 2 === 0 ? start : { line: start.line, character: start.character + 1 };
    await server.change(uri, version, [{ range: { start, end }, text: index % 2 === 0 ? 'x' : '' }]);
  };
  await row('key to findings', column, async (index) => {
    await press(index);
    await server.findings(uri, version);
  });
  await row('completion after a key', column, async (index) => {
    await press(index);
    await connection.sendRequest(CompletionRequest.type, at(index >> 1));
  });
  // Those above are of one text, which the server answers from what it has kept.
  await row(
    'semantic tokens, text is new',
    column,
    () => connection.sendRequest(SemanticTokensRequest.type, { textDocument }),
    async (index) => {
      await press(index);
      await server.findings(uri, version);
    },
  );
  await server.findings(uri, version);
  console.log(`  resident ${megabytes(server)} MB after all of it`);
}

async function row(
  name: string,
  column: number,
  run: (index: number) => Promise<unknown>,
  prepare?: (index: number) => Promise<unknown>,
): Promise<void> {
  // What the first ones compile does not count.
  for (let index = 0; index < 20; index += 1) {
    await prepare?.(index);
    await run(index);
  }
  const times = await repeated(async (index) => {
    await prepare?.(20 + index);
    const start = performance.now();
    await run(20 + index);
    return performance.now() - start;
  });
  report(name, column, times);
}

/** What each of them took, in milliseconds. */
async function repeated(take: (index: number) => Promise<number>): Promise<readonly number[]> {
  const times: number[] = [];
  const end = performance.now() + longest;
  for (let index = 0; index < requests && performance.now() < end; index += 1) times.push(await take(index));
  return times;
}

function report(name: string, column: number, figures: readonly number[], unit = 'ms'): void {
  const sorted = figures.toSorted((a, b) => a - b);
  const share = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
  const goal = goals[name]?.[column] ?? Number.NaN;
  const isMet = share(0.95) <= goal;
  const verdict = Number.isNaN(goal) ? '' : `  goal ${goal}: ${isMet ? 'met' : 'MISSED'}`;
  if (!Number.isNaN(goal) && !isMet) missed.push(`${name}${column === 0 ? '' : ', 1 MB'}`);
  const shares = [0.5, 0.95, 0.99].map((part) => share(part).toFixed(2).padStart(8)).join(' ');
  console.log(`  ${name.padEnd(27)} n ${String(sorted.length).padStart(4)}  p50/95/99 ${shares} ${unit}${verdict}`);
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

async function kill(server: ServerProcess): Promise<void> {
  server.process.kill('SIGKILL');
  await server.exited;
}

/** Behind the first letter of each word. */
function placesIn(text: string): readonly Position[] {
  return text
    .split('\n')
    .flatMap((line, number) =>
      [...line.matchAll(/[A-Za-z_&$][\w.$()&]*/g)].map(({ index }) => ({ line: number, character: index + 1 })),
    );
}

/** Behind the `&` of references. */
function names(text: string): readonly Position[] {
  return text
    .split('\n')
    .flatMap((line, number) =>
      [...line.matchAll(/&[a-z]/g)].map(({ index }) => ({ line: number, character: index + 1 })),
    );
}

function megabytes({ process }: ServerProcess): number {
  const [, size] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${process.pid}/status`, 'utf8')) ?? [];
  // Linux says kB and means 1,024 bytes.
  return Math.round((Number(size ?? 0) * 1024) / 1_000_000);
}
