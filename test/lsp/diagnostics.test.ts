import { describe, expect, it } from 'vitest';
import {
  CodeActionRequest,
  type Diagnostic,
  DiagnosticSeverity,
  DiagnosticTag,
  DidChangeWatchedFilesNotification,
  DidCloseTextDocumentNotification,
  DidSaveTextDocumentNotification,
  DocumentDiagnosticRequest,
  FileChangeType,
} from 'vscode-languageserver-protocol/node';
import { edit, folder, mainUri } from '../kit/editing.ts';
import { eventually } from '../kit/eventually.ts';
import { connectServer, fullCapabilities } from '../kit/lsp.ts';

const commonUri = `${folder}/common.conf`;
const target = 'msgpipeline boxes {\n    deliver_to dummy\n}\n';
const main = 'import common.conf\ntls off\nhostname a\nsmtp tcp://127.0.0.1:25 {\n    deliver_to &boxes\n}\n';

const codes = (items: readonly Diagnostic[]): readonly unknown[] => items.map(({ code }) => code);

async function openMain(files: Map<string, string>): Promise<ReturnType<typeof connectServer>> {
  const client = connectServer(files);
  await client.initialize(fullCapabilities, folder);
  await client.open(mainUri, main);
  await client.findings(mainUri, 1);
  return client;
}

describe('findings', () => {
  it('stand where the mistake is, with code and source', async () => {
    const { client, uri } = await edit(
      'tls off\nhostname a\nsmtp tcp://127.0.0.1:25 {\n    nonsense yes\n    deliver_to dummy\n}\n',
    );
    const items = client.diagnostics.get(uri)?.items ?? [];
    expect(items).toEqual([
      expect.objectContaining({
        range: { start: { line: 3, character: 4 }, end: { line: 3, character: 12 } },
        severity: 1,
        source: 'maddyc',
        code: expect.stringMatching(/^M\d{4}$/),
        message: expect.stringContaining('nonsense'),
      }),
    ]);
  });

  it('point to related places and to their page, and mark what is unused or has another name now', async () => {
    const { client, uri } = await edit(
      'hostname a\ntls off\ntable.static unused {\n}\ntarget.smtp out {\n    targets tcp://127.0.0.1:26\n    require_tls yes\n}\nsmtp tcp://0.0.0.0:25 {\n    deliver_to &out\n}\n',
    );
    const items = client.diagnostics.get(uri)?.items ?? [];
    const pages = items.map(({ codeDescription }) => codeDescription?.href ?? '');
    expect(items.map(({ code }, index) => pages[index]?.includes(`/${code}`))).not.toContain(false);
    // The way to the page is said once.
    expect(JSON.stringify(items)).not.toContain('maddyc explain');
    const tagged = items.flatMap(({ tags = [], range }) => tags.map((tag) => [tag, range.start.line]));
    expect(tagged).toEqual(
      expect.arrayContaining([
        [DiagnosticTag.Unnecessary, 2],
        [DiagnosticTag.Deprecated, 6],
      ]),
    );
    const twice = await edit(`${main}smtp tcp://127.0.0.1:25 {\n    reject\n}\n`, { files: { 'common.conf': target } });
    const related = (twice.client.diagnostics.get(uri)?.items ?? []).flatMap(({ relatedInformation = [] }) =>
      relatedInformation.map(({ location }) => [location.uri, location.range.start.line]),
    );
    expect(related).toContainEqual([uri, 3]);
  });

  it('follow each change, and go with their cause', async () => {
    const { client, uri } = await edit('tls off\nhostname a\nsmtp tcp://127.0.0.1:25 {\n    deliver_to dummy\n}\n');
    expect(client.diagnostics.get(uri)?.items).toEqual([]);
    const line = { line: 3, character: 4 };
    await client.change(uri, 2, [{ range: { start: line, end: line }, text: 'x' }]);
    expect(await client.findings(uri, 2)).not.toEqual([]);
    await client.change(uri, 3, [{ range: { start: line, end: { line: 3, character: 5 } }, text: '' }]);
    expect(await client.findings(uri, 3)).toEqual([]);
  });

  it('are about imported files, too, which nobody has open', async () => {
    const client = await openMain(new Map([[commonUri, `${target}nonsense here\n`]]));
    await eventually(() => client.diagnostics.has(commonUri));
    expect(client.diagnostics.get(commonUri)?.items).toEqual([
      expect.objectContaining({ range: expect.objectContaining({ start: { line: 3, character: 0 } }) }),
    ]);
  });

  it('of a part are those of the configuration that it belongs to', async () => {
    const files = new Map([[mainUri, main]]);
    const client = connectServer(files);
    await client.initialize(fullCapabilities, folder);
    await client.open(commonUri, target);
    // By itself the file has no endpoint; as a part of maddy.conf nothing is wrong with it.
    await eventually(() => client.diagnostics.get(commonUri)?.items.length === 0);
  });

  it('of a part show what its importers lose', async () => {
    const client = await openMain(new Map([[commonUri, target]]));
    expect(client.diagnostics.get(mainUri)?.items).toEqual([]);
    await client.open(commonUri, target.replace('boxes', 'others'));
    await eventually(() => (client.diagnostics.get(mainUri)?.items.length ?? 0) > 0);
    await client.change(commonUri, 2, [{ text: target }]);
    await eventually(() => client.diagnostics.get(mainUri)?.items.length === 0);
  });

  it('change with files on disk that are watched', async () => {
    const files = new Map([[commonUri, target]]);
    const client = await openMain(files);
    await eventually(() => client.registered.length > 0);
    const watched = (baseUri: string, pattern: string) => ({ globPattern: { baseUri, pattern } });
    expect(client.registered[0]).toEqual({
      method: 'workspace/didChangeWatchedFiles',
      options: {
        watchers: expect.arrayContaining([
          watched(folder, '**/{*.conf,*.maddy,maddyc.json}'),
          watched('file:///etc', 'maddyc.json'),
        ]),
      },
    });
    files.delete(commonUri);
    await client.connection.sendNotification(DidChangeWatchedFilesNotification.type, {
      changes: [{ uri: commonUri, type: FileChangeType.Deleted }],
    });
    await eventually(() => (client.diagnostics.get(mainUri)?.items.length ?? 0) > 0);
    files.set(commonUri, target);
    await client.connection.sendNotification(DidChangeWatchedFilesNotification.type, {
      changes: [{ uri: commonUri, type: FileChangeType.Created }],
    });
    await eventually(() => client.diagnostics.get(mainUri)?.items.length === 0);
  });

  it('follow the settings of the project', async () => {
    const settingsUri = `${folder}/maddyc.json`;
    const files = new Map([[settingsUri, '{ "rules": { "reply-code-mismatch": "error" } }']]);
    const client = connectServer(files);
    await client.initialize(fullCapabilities, folder);
    await client.open(mainUri, 'tls off\nhostname a\nsmtp tcp://127.0.0.1:2525 {\n    reject 450 5.7.1 "Later"\n}\n');
    const severities = () => client.diagnostics.get(mainUri)?.items.map(({ code, severity }) => `${code} ${severity}`);
    await eventually(() => severities()?.join() === 'M3105 1');
    files.set(settingsUri, '{ "rules": { "M3105": "off" } }');
    await client.connection.sendNotification(DidChangeWatchedFilesNotification.type, {
      changes: [{ uri: settingsUri, type: FileChangeType.Changed }],
    });
    await eventually(() => severities()?.length === 0);
  });

  it('change with files that an editor without watchers writes after the one that it tells of', async () => {
    const files = new Map([[commonUri, '']]);
    const client = connectServer(files);
    await client.initialize({}, folder);
    await client.open(mainUri, main);
    await eventually(() => (client.diagnostics.get(mainUri)?.items.length ?? 0) > 0);
    files.set(commonUri, '}\n');
    await client.connection.sendNotification(DidSaveTextDocumentNotification.type, { textDocument: { uri: mainUri } });
    await eventually(() => (client.diagnostics.get(commonUri)?.items.length ?? 0) > 0);
    files.set(commonUri, target);
    await eventually(() => client.diagnostics.get(mainUri)?.items.length === 0);
  });

  it('of an imported file that is closed unsaved are those of the disk again', async () => {
    const client = await openMain(new Map([[commonUri, target]]));
    await client.open(commonUri, '');
    await eventually(() => (client.diagnostics.get(mainUri)?.items.length ?? 0) > 0);
    await client.connection.sendNotification(DidCloseTextDocumentNotification.type, {
      textDocument: { uri: commonUri },
    });
    await eventually(() => client.diagnostics.get(mainUri)?.items.length === 0);
  });

  it('go when the document is closed', async () => {
    const { client, uri } = await edit('nonsense\n');
    expect(client.diagnostics.get(uri)?.items).not.toEqual([]);
    await client.connection.sendNotification(DidCloseTextDocumentNotification.type, { textDocument: { uri } });
    await eventually(() => client.diagnostics.get(uri)?.items.length === 0);
  });

  it('survive files that import each other', async () => {
    const files = new Map([
      [commonUri, 'import maddy.conf\n'],
      [mainUri, main],
    ]);
    const client = await openMain(files);
    expect(client.diagnostics.get(mainUri)?.items).not.toEqual([]);
    await client.open(commonUri, 'import maddy.conf\n');
    expect(await client.findings(commonUri, 1)).toBeDefined();
  });

  it('are asked for by clients that can, and the same ones are not sent twice', async () => {
    const pulling = { ...fullCapabilities, textDocument: { ...fullCapabilities.textDocument, diagnostic: {} } };
    const client = connectServer(new Map([[commonUri, '']]));
    await client.initialize(pulling, folder);
    await client.open(mainUri, main);
    const ask = (previousResultId?: string) =>
      client.connection.sendRequest(DocumentDiagnosticRequest.type, {
        textDocument: { uri: mainUri },
        ...(previousResultId === undefined ? {} : { previousResultId }),
      });
    const first = await ask();
    expect(first).toMatchObject({ kind: 'full', resultId: expect.any(String) });
    expect('items' in first ? codes(first.items) : []).not.toEqual([]);
    expect(await ask(first.resultId)).toEqual({ kind: 'unchanged', resultId: first.resultId });
    await client.change(mainUri, 2, [{ text: `${main}\n` }]);
    expect(await ask(first.resultId)).toMatchObject({ kind: 'full' });
    expect(client.diagnostics.size).toBe(0);
  });

  it.each([
    'untitled:Untitled-1',
    'git:/etc/maddy/maddy.conf?%7B%22ref%22%3A%22~%22%7D',
    'file:///c%3A/mail/maddy.conf',
  ])('are about a text at %s', async (uri) => {
    const client = connectServer();
    await client.initialize(fullCapabilities, null);
    await client.open(uri, 'nonsense yes\n');
    expect(codes(await client.findings(uri, 1))).toContain('M2101');
  });
});

describe('clients that ask for findings', () => {
  const pulling = { ...fullCapabilities, textDocument: { ...fullCapabilities.textDocument, diagnostic: {} } };

  it('are told to ask again when another file is the cause', async () => {
    const client = connectServer(new Map([[commonUri, target]]));
    await client.initialize(pulling, folder);
    await client.open(mainUri, main);
    await client.open(commonUri, target);
    await client.connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument: { uri: mainUri } });
    await eventually(() => client.refreshes() > 0);
    const before = client.refreshes();
    await client.change(commonUri, 2, [{ text: target.replace('boxes', 'others') }]);
    await eventually(() => client.refreshes() > before);
  });

  it('are not told so for what they changed themselves', async () => {
    const client = connectServer();
    await client.initialize(pulling, folder);
    await client.open(mainUri, 'hostname a\n');
    await client.connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument: { uri: mainUri } });
    for (let version = 2; version < 10; version += 1) {
      await client.change(mainUri, version, [{ text: `hostname a\n${'nonsense\n'.repeat(version)}` }]);
      await client.connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument: { uri: mainUri } });
    }
    expect(client.refreshes()).toBe(0);
  });
});

it('texts of findings fit into what an editor shows without wrapping', async () => {
  const editing = await edit(`${target}tls off\nhostname a\nsmtp tcp://127.0.0.1:25 {\n    deliver_to dummy\n}\n`);
  const lines = (editing.client.diagnostics.get(editing.uri)?.items ?? []).flatMap(({ message }) =>
    String(message).split('\n'),
  );
  expect(lines.length).toBeGreaterThan(3);
  expect(lines.filter((line) => line.length > 100)).toEqual([]);
});

describe('a brace that was removed', () => {
  const text = `tls off
hostname a.example
smtp tcp://127.0.0.1:25 {
    destination b.example {
        deliver_to dummy
    @default_destination {
        reject
    }
}
`;

  it('is marked where its block ends by its lines, too, and can be put back from there', async () => {
    const editing = await edit(text.replace('@', '<|>'));
    const items = (editing.client.diagnostics.get(editing.uri)?.items ?? []).filter(({ code }) => code === 'M1002');
    expect(items.map(({ severity, range }) => [severity, range.start.line])).toEqual([
      [DiagnosticSeverity.Error, 3],
      [DiagnosticSeverity.Information, 5],
    ]);
    expect(String(items[1]?.message).split('\n')[0]).toBe(
      'a "}" is missing above: this block of "destination" is never closed (line 4)',
    );
    expect(items[1]?.relatedInformation?.map(({ location }) => location.range)).toEqual([items[0]?.range]);
    const { position } = editing.at();
    const actions = await editing.client.connection.sendRequest(CodeActionRequest.type, {
      ...editing.document,
      range: { start: position, end: position },
      context: { diagnostics: [] },
    });
    const [action] = (actions ?? []).filter((each) => 'edit' in each);
    expect(action).toMatchObject({ title: 'close the block where its lines end', diagnostics: [items[1]] });
    const edits = action !== undefined && 'edit' in action ? (action.edit?.changes?.[editing.uri] ?? []) : [];
    expect(editing.edited(edits)).toBe(text.replace('    @', '    }\n    '));
  });
});

describe('quick fixes', () => {
  it('repair the text', async () => {
    const editing = await edit(`${target}tls off\nhostname a\nsmtp tcp://127.0.0.1:25 {\n    deliver_to &box<|>s\n}\n`);
    const position = editing.at().position;
    const actions = await editing.client.connection.sendRequest(CodeActionRequest.type, {
      ...editing.document,
      range: { start: position, end: position },
      context: { diagnostics: [] },
    });
    const [action] = (actions ?? []).filter((each) => 'edit' in each);
    expect(action).toMatchObject({ kind: 'quickfix', diagnostics: [expect.objectContaining({ source: 'maddyc' })] });
    const edits = action !== undefined && 'edit' in action ? (action.edit?.changes?.[editing.uri] ?? []) : [];
    expect(editing.edited(edits)).toBe(editing.text.replace('&boxs', '&boxes'));
  });

  it('are only those that touch the range, and only of the kind that is wanted', async () => {
    const editing = await edit(
      `<|>${target}tls off\nhostname a\nsmtp tcp://127.0.0.1:25 {\n    deliver_to &box<|>s\n}\n`,
    );
    const ask = (cursor: number, only: string[]) => {
      const { position } = editing.at(cursor);
      return editing.client.connection.sendRequest(CodeActionRequest.type, {
        ...editing.document,
        range: { start: position, end: position },
        context: { diagnostics: [], only },
      });
    };
    expect(await ask(0, ['quickfix'])).toEqual([]);
    expect(await ask(1, ['source.organizeImports'])).toEqual([]);
    expect(await ask(1, ['source.fixAll'])).toMatchObject([{ kind: 'source.fixAll.maddy' }]);
    const fixes = (await ask(1, ['quickfix'])) ?? [];
    expect(fixes[0]).toMatchObject({ title: 'write &boxes', isPreferred: true });
    for (const fix of fixes) expect(fix).toMatchObject({ kind: 'quickfix', diagnostics: [{ code: 'M2102' }] });
  });
});
