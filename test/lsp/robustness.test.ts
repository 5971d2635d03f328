import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  CallHierarchyPrepareRequest,
  CodeActionRequest,
  CodeLensRequest,
  CompletionRequest,
  DefinitionRequest,
  DocumentFormattingRequest,
  DocumentHighlightRequest,
  DocumentLinkRequest,
  DocumentOnTypeFormattingRequest,
  DocumentRangeFormattingRequest,
  DocumentSymbolRequest,
  FoldingRangeRequest,
  HoverRequest,
  InlayHintRequest,
  PrepareRenameRequest,
  ReferencesRequest,
  RenameRequest,
  ResponseError,
  SelectionRangeRequest,
  SemanticTokensRequest,
  SignatureHelpRequest,
  WorkspaceSymbolRequest,
} from 'vscode-languageserver-protocol/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { folder, mainUri } from '../kit/editing.ts';
import { connectServer, fullCapabilities, type LspClient } from '../kit/lsp.ts';

/** Something of everything that the language has. */
const sample = readFileSync(join(import.meta.dirname, 'samples/everything.maddy'), 'utf8');

async function connected(files = new Map<string, string>()): Promise<LspClient> {
  const client = connectServer(files);
  await client.initialize(fullCapabilities, folder);
  return client;
}

/** Asks everything about a place; rejects when one answer is an error. */
async function askAll({ connection }: LspClient, text: string, offset: number): Promise<void> {
  const position = TextDocument.create(mainUri, 'maddy', 1, text).positionAt(offset);
  const at = { textDocument: { uri: mainUri }, position };
  const { textDocument } = at;
  const range = { start: position, end: position };
  const options = { tabSize: 4, insertSpaces: true };
  await Promise.all([
    connection.sendRequest(CompletionRequest.type, at),
    connection.sendRequest(SignatureHelpRequest.type, at),
    connection.sendRequest(DocumentHighlightRequest.type, at),
    connection.sendRequest(ReferencesRequest.type, { ...at, context: { includeDeclaration: true } }),
    connection.sendRequest(PrepareRenameRequest.type, at),
    connection.sendRequest(RenameRequest.type, { ...at, newName: 'other' }).catch(isRefusal),
    connection.sendRequest(CallHierarchyPrepareRequest.type, at),
    connection.sendRequest(SelectionRangeRequest.type, { textDocument, positions: [position] }),
    connection.sendRequest(SemanticTokensRequest.type, { textDocument }),
    connection.sendRequest(InlayHintRequest.type, { textDocument, range }),
    connection.sendRequest(CodeLensRequest.type, { textDocument }),
    connection.sendRequest(DocumentLinkRequest.type, { textDocument }),
    connection.sendRequest(WorkspaceSymbolRequest.type, { query: '' }),
    connection.sendRequest(DocumentRangeFormattingRequest.type, { textDocument, range, options }),
    connection.sendRequest(DocumentOnTypeFormattingRequest.type, { ...at, ch: '\n', options }),
    connection.sendRequest(DocumentOnTypeFormattingRequest.type, { ...at, ch: '}', options }),
    connection.sendRequest(HoverRequest.type, at),
    connection.sendRequest(DefinitionRequest.type, at),
    connection.sendRequest(DocumentSymbolRequest.type, at),
    connection.sendRequest(FoldingRangeRequest.type, at),
    connection.sendRequest(DocumentFormattingRequest.type, { textDocument, options }),
    connection.sendRequest(CodeActionRequest.type, {
      textDocument,
      range,
      context: { diagnostics: [] },
    }),
  ]);
}

/** Where no name stands there is nothing to rename, and the answer says so. */
function isRefusal(error: unknown): void {
  if (!(error instanceof ResponseError) || !/here is no name|there is already/.test(error.message)) throw error;
}

describe('a file that is being written', () => {
  it('is answered for after each of its characters', { timeout: 60_000 }, async () => {
    const client = await connected();
    await client.open(mainUri, '');
    for (let length = 0; length <= sample.length; length += 1) {
      const text = sample.slice(0, length);
      await client.change(mainUri, length + 2, [{ text }]);
      await askAll(client, text, length);
    }
    // A feature that throws says so in the log.
    expect(client.log).toEqual([]);
  });

  it('is answered for at each of its places', { timeout: 60_000 }, async () => {
    const client = await connected();
    await client.open(mainUri, sample);
    for (let offset = 0; offset <= sample.length; offset += 1) await askAll(client, sample, offset);
    expect(client.log).toEqual([]);
  });

  it('is answered for after each line is lost', { timeout: 60_000 }, async () => {
    const client = await connected();
    await client.open(mainUri, '');
    const lines = sample.split('\n');
    for (const number of lines.keys()) {
      const text = lines.toSpliced(number, 1).join('\n');
      await client.change(mainUri, number + 2, [{ text }]);
      await askAll(client, text, lines.slice(0, number).join('\n').length);
    }
    expect(client.log).toEqual([]);
  });
});

describe('unusual texts', () => {
  it.each([
    ['empty', ''],
    ['a byte order mark', '\ufeffhostname a\n'],
    ['CRLF', 'smtp x {\r\n    deliver_to &a\r\n}\r\n'],
    ['lone CRs', 'smtp x {\r    deliver_to &a\r}\r'],
    ['characters beyond the first plane', '$(😀) = 😀\nhostname $(😀)\n# 😀'],
    ['halves of characters', 'hostname \ud83d\n'],
    ['control characters', 'hostname \u0000\u0001\u007f\n'],
    ['only braces', '{{{}}}\n} { } {\n'],
    ['deep nesting', `${'a {\n'.repeat(600)}`],
    ['long lines', `hostname ${'a '.repeat(50_000)}`],
    ['a snippet that imports itself', '(a) {\n    import a\n}\nimport a\n'],
    ['a macro of itself', '$(a) = $(a) $(a)\nhostname $(a)\n'],
  ])('with %s are answered for', async (_, text) => {
    const client = await connected();
    await client.open(mainUri, text);
    await client.findings(mainUri, 1);
    for (const offset of new Set([0, Math.floor(text.length / 2), text.length])) await askAll(client, text, offset);
    expect(client.log).toEqual([]);
  });

  it('may import a chain of files', async () => {
    const files = new Map(
      Array.from({ length: 40 }, (_, index) => [`${folder}/${index}.conf`, `import ${index + 1}.conf\n`]),
    );
    files.set(`${folder}/40.conf`, 'msgpipeline end {\n    deliver_to dummy\n}\n');
    const client = await connected(files);
    const text = 'import 0.conf\ntls off\nhostname a\nsmtp tcp://127.0.0.1:25 {\n    deliver_to &end\n}\n';
    await client.open(mainUri, text);
    expect(await client.findings(mainUri, 1)).toEqual([]);
  });
});
