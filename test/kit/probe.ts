import { deepStrictEqual, rejects, strictEqual } from 'node:assert/strict';
import {
  CancellationTokenSource,
  type ClientCapabilities,
  CompletionRequest,
  DefinitionRequest,
  DidCloseTextDocumentNotification,
  DocumentFormattingRequest,
  DocumentSymbolRequest,
  ErrorCodes,
  ExitNotification,
  FoldingRangeRequest,
  HoverRequest,
  LSPErrorCodes,
  type Position,
  ResponseError,
  SemanticTokensRequest,
  ShutdownRequest,
  type TextDocumentIdentifier,
} from 'vscode-languageserver-protocol/node';
import { fullCapabilities, type LspClient, type ServerProcess } from './lsp.ts';
import { randomEdits } from './random-edits.ts';

/** What a language server has to do at the level of the protocol, whoever built it; each check starts a server of its own. */
export interface ProbeCheck {
  readonly name: string;
  run(start: () => ServerProcess, text: string): Promise<void>;
}

const folder = 'file:///probe';
const uri = `${folder}/maddy.conf`;
const textDocument: TextDocumentIdentifier = { uri };
const origin: Position = { line: 0, character: 0 };

async function started(
  start: () => ServerProcess,
  capabilities: ClientCapabilities = fullCapabilities,
): Promise<ServerProcess> {
  const client = start();
  await client.initialize(capabilities, folder);
  return client;
}

async function opened(start: () => ServerProcess, text: string): Promise<ServerProcess> {
  const client = await started(start);
  await client.open(uri, text);
  return client;
}

const failsWith = (code: number) => (error: unknown) => error instanceof ResponseError && error.code === code;

const encodings = ['utf-8', 'utf-32'] as const;

export const probeChecks: readonly ProbeCheck[] = [
  {
    name: 'a request before initialize is answered with -32002',
    async run(start) {
      const request = start().connection.sendRequest(HoverRequest.type, { textDocument, position: origin });
      await rejects(request, failsWith(ErrorCodes.ServerNotInitialized));
    },
  },
  {
    name: 'malformed parameters are refused with -32602, and the server goes on',
    async run(start, text) {
      const { connection, log } = await opened(start, text);
      const position = { line: -1, character: 0 };
      const broken: readonly unknown[] = [
        null,
        {},
        { textDocument: {} },
        { textDocument: { uri: 5 } },
        { textDocument, position },
      ];
      for (const params of broken) {
        for (const method of [HoverRequest.method, CompletionRequest.method, SemanticTokensRequest.method]) {
          if (method === SemanticTokensRequest.method && params === broken.at(-1)) continue;
          await rejects(connection.sendRequest(method, params), failsWith(ErrorCodes.InvalidParams));
        }
      }
      await connection.sendNotification('textDocument/didOpen', { textDocument: { uri: `${folder}/other.conf` } });
      await connection.sendNotification('textDocument/didChange', { textDocument, contentChanges: [{}] });
      await connection.sendNotification('workspace/didChangeWatchedFiles', {});
      const symbols = await connection.sendRequest(DocumentSymbolRequest.type, { textDocument });
      strictEqual((symbols ?? []).length > 0, true);
      deepStrictEqual(
        log.map((line) => line.replace(/ was not understood.*/, '')),
        ['textDocument/didOpen', 'textDocument/didChange', 'workspace/didChangeWatchedFiles'],
      );
    },
  },
  {
    name: 'an unknown method is answered with -32601',
    async run(start) {
      const { connection } = await started(start);
      await rejects(connection.sendRequest('maddy/noSuchMethod', {}), failsWith(ErrorCodes.MethodNotFound));
    },
  },
  {
    name: 'a document that is not open gives nothing, and no error',
    async run(start) {
      const { connection } = await started(start);
      const unknown = { textDocument: { uri: `${folder}/nope` }, position: origin };
      strictEqual(await connection.sendRequest(HoverRequest.type, unknown), null);
      strictEqual(await connection.sendRequest(DefinitionRequest.type, unknown), null);
    },
  },
  {
    name: 'positions outside of the text give no error',
    async run(start, text) {
      const { connection } = await opened(start, text);
      for (const position of [
        { line: 99_999, character: 99_999 },
        { line: 0, character: 99_999 },
      ]) {
        await connection.sendRequest(HoverRequest.type, { textDocument, position });
        await connection.sendRequest(CompletionRequest.type, { textDocument, position });
        await connection.sendRequest(DefinitionRequest.type, { textDocument, position });
      }
    },
  },
  {
    name: 'requests that wait are cancelled, and each is answered',
    async run(start, text) {
      const { connection } = await opened(start, text);
      const cancelled: unknown[] = [];
      // In one write: the server finds them all in its queue.
      const requests = Array.from({ length: 20 }, () => {
        const source = new CancellationTokenSource();
        const request = connection.sendRequest(
          CompletionRequest.type,
          { textDocument, position: origin },
          source.token,
        );
        source.cancel();
        return request.catch((error: unknown) => cancelled.push(error));
      });
      await Promise.all(requests);
      strictEqual(cancelled.every(failsWith(LSPErrorCodes.RequestCancelled)), true);
      strictEqual(cancelled.length >= 15, true, `only ${cancelled.length} of 20 were cancelled`);
    },
  },
  {
    name: 'after random edits the answers are those of a fresh document',
    async run(start, text) {
      const client = await opened(start, text);
      const edits = randomEdits(text, { seed: 1, count: 300 });
      for (const [index, changes] of edits.batches.entries()) {
        await client.change(uri, index + 2, changes);
        if (index % 50 === 0) await client.connection.sendRequest(DocumentSymbolRequest.type, { textDocument });
      }
      const edited = await answers(client, uri, edits.batches.length + 1);
      await client.connection.sendNotification(DidCloseTextDocumentNotification.type, { textDocument });
      const fresh = `${folder}/fresh.maddy`;
      await client.open(fresh, edits.text);
      deepStrictEqual(edited, await answers(client, fresh, 1));
    },
  },
  {
    name: 'shutdown answers null, then requests get -32600, and exit ends with code 0',
    async run(start) {
      const { connection, exited } = await started(start);
      strictEqual(await connection.sendRequest(ShutdownRequest.type), null);
      const late = connection.sendRequest(HoverRequest.type, { textDocument, position: origin });
      await rejects(late, failsWith(ErrorCodes.InvalidRequest));
      await connection.sendNotification(ExitNotification.type);
      deepStrictEqual(await exited, { code: 0, signal: null });
    },
  },
  {
    name: 'exit without shutdown ends with code 1',
    async run(start) {
      const { connection, exited } = await started(start);
      await connection.sendNotification(ExitNotification.type);
      deepStrictEqual(await exited, { code: 1, signal: null });
    },
  },
  {
    name: 'the end of standard input ends the server',
    async run(start) {
      const { process, exited } = await started(start);
      process.stdin?.end();
      strictEqual((await exited).signal, null);
    },
  },
  ...encodings.map(
    (encoding): ProbeCheck => ({
      name: `positions are counted in ${encoding} when the client wants that`,
      async run(start) {
        const client = start();
        const general = { positionEncodings: [encoding] };
        const { capabilities } = await client.initialize({ ...fullCapabilities, general }, folder);
        strictEqual(capabilities.positionEncoding, encoding);
        await client.open(uri, '# 😀é\n$(ü😀) = a\nhostname 😀$(ü😀)\n');
        const units = (text: string) => (encoding === 'utf-8' ? Buffer.byteLength(text) : [...text].length);
        const position = { line: 2, character: units('hostname 😀$(') };
        const hover = await client.connection.sendRequest(HoverRequest.type, { textDocument, position });
        const line = {
          start: { line: 2, character: units('hostname 😀') },
          end: { line: 2, character: units('hostname 😀$(ü😀)') },
        };
        deepStrictEqual(hover?.range, line);
      },
    }),
  ),
];

/** Everything that can be asked about a document, without what names the document or the time of the question. */
async function answers({ connection, findings }: LspClient, of: string, version: number): Promise<unknown> {
  const document = { textDocument: { uri: of } };
  const options = { tabSize: 4, insertSpaces: true };
  const given = {
    findings: await findings(of, version),
    symbols: await connection.sendRequest(DocumentSymbolRequest.type, document),
    folds: await connection.sendRequest(FoldingRangeRequest.type, document),
    format: await connection.sendRequest(DocumentFormattingRequest.type, { ...document, options }),
    hover: await connection.sendRequest(HoverRequest.type, { ...document, position: { line: 2, character: 1 } }),
  };
  return JSON.parse(
    JSON.stringify(given)
      .replaceAll(of.slice(of.lastIndexOf('/') + 1), 'FILE')
      .replaceAll(of, 'URI'),
  );
}
