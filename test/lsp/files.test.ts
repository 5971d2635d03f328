import { describe, expect, it } from 'vitest';
import {
  DidChangeWorkspaceFoldersNotification,
  DocumentOnTypeFormattingRequest,
  DocumentRangeFormattingRequest,
  ExecuteCommandRequest,
  WillRenameFilesRequest,
} from 'vscode-languageserver-protocol/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { accept, edit, folder, labelsIn, mainUri } from '../kit/editing.ts';
import { eventually } from '../kit/eventually.ts';
import { connectServer, fullCapabilities } from '../kit/lsp.ts';

const part = 'target.lmtp boxes {\n    targets tcp://127.0.0.1:24\n}\n';

describe('files that get another name', () => {
  async function renamed(
    files: Readonly<Record<string, string>>,
    from: string,
    to: string,
  ): Promise<Readonly<Record<string, string>>> {
    const { 'maddy.conf': main = '', ...others } = files;
    const { client } = await edit(main, { files: others });
    const answer = await client.connection.sendRequest(WillRenameFilesRequest.type, {
      files: [{ oldUri: `${folder}/${from}`, newUri: `${folder}/${to}` }],
    });
    return Object.fromEntries(
      Object.entries(answer?.changes ?? {}).map(([uri, edits]) => {
        const name = uri.slice(folder.length + 1);
        return [name, TextDocument.applyEdits(TextDocument.create(uri, 'maddy', 1, files[name] ?? ''), edits)];
      }),
    );
  }

  it.each([
    ['import part.conf\n', 'import parts/boxes.conf\n', 'parts/boxes.conf'],
    ['import ./part.conf\n', 'import ./boxes.conf\n', 'boxes.conf'],
    ['import part\n', 'import boxes\n', 'boxes.conf'],
    ['import "part.conf"\n', 'import "a b.conf"\n', 'a b.conf'],
    ['import /etc/maddy/part.conf\n', 'import /etc/maddy/boxes.conf\n', 'boxes.conf'],
  ])('are imported by it: %j', async (before, after, to) => {
    const changed = await renamed({ 'maddy.conf': before, 'part.conf': part }, 'part.conf', to);
    expect(changed).toEqual({ 'maddy.conf': after });
  });

  it('take their own imports along', async () => {
    const files = { 'maddy.conf': 'import a/one.conf\n', 'a/one.conf': 'import ../two.conf\n', 'two.conf': part };
    expect(await renamed(files, 'a/one.conf', 'one.conf')).toEqual({
      'maddy.conf': 'import one.conf\n',
      'a/one.conf': 'import two.conf\n',
    });
  });

  it('stay as they are together', async () => {
    const files = { 'maddy.conf': 'import a/one.conf\n', 'a/one.conf': 'import two.conf\n', 'a/two.conf': part };
    expect(await renamed(files, 'a', 'b')).toEqual({ 'maddy.conf': 'import b/one.conf\n' });
  });

  it('that nothing imports change nothing', async () => {
    expect(await renamed({ 'maddy.conf': 'hostname a\n' }, 'x.conf', 'y.conf')).toEqual({});
  });
});

it('a file that many configurations import is followed by all of them in one answer, open or not', async () => {
  const importing = (name: string): string =>
    `tls off\nimport common/part.conf\nsmtp ${name} {\n    deliver_to &gone\n}\n`;
  const mains = Array.from({ length: 30 }, (_, index) => `${folder}/${index}.conf`);
  const texts = mains.map((uri, index) => [uri, importing(`tcp://127.0.0.1:${2000 + index}`)] as const);
  const client = connectServer(new Map([...texts, [`${folder}/common/part.conf`, part]]));
  await client.initialize(fullCapabilities, folder);
  await eventually(() => mains.every((uri) => (client.diagnostics.get(uri)?.items.length ?? 0) > 0));
  await client.open(`${folder}/0.conf`, `# new here\n${importing('tcp://127.0.0.1:25')}`);
  const answer = await client.connection.sendRequest(WillRenameFilesRequest.type, {
    files: [
      { oldUri: `${folder}/common/part.conf`, newUri: `${folder}/parts/one.conf` },
      { oldUri: `${folder}/unknown.conf`, newUri: `${folder}/other.conf` },
    ],
  });
  const changes = Object.entries(answer?.changes ?? {});
  expect(changes.map(([uri]) => uri).sort()).toEqual([...mains].sort());
  for (const [uri, edits] of changes) {
    const line = uri === `${folder}/0.conf` ? 2 : 1;
    const range = { start: { line, character: 7 }, end: { line, character: 23 } };
    expect(edits).toEqual([{ range, newText: 'parts/one.conf' }]);
  }
});

describe('paths of imports', () => {
  const files = { 'part.conf': part, 'sub/other.conf': part, 'notes.txt': 'x', 'a b.conf': part };

  it('are suggested', async () => {
    const labels = await labelsIn('(s) {\n}\nimport <|>\n', { files });
    expect(labels).toEqual(['s', 'a b.conf', 'part.conf', 'sub/other.conf']);
  });

  it('are put in', async () => {
    expect(await accept('import su<|>\n', 'sub/other.conf', { files })).toBe('import sub/other.conf\n');
    expect(await accept('import <|>\n', 'a b.conf', { files })).toBe('import "a b.conf"\n');
  });
});

describe('formatting of parts', () => {
  const options = { tabSize: 4, insertSpaces: true };

  it('of a range leaves other lines', async () => {
    const text = 'hostname   a\nsmtp x {\n  debug\n      tls   off\n}\n';
    const editing = await edit(text);
    const edits = await editing.client.connection.sendRequest(DocumentRangeFormattingRequest.type, {
      ...editing.document,
      range: { start: { line: 2, character: 0 }, end: { line: 3, character: 0 } },
      options,
    });
    expect(editing.edited(edits ?? [])).toBe('hostname   a\nsmtp x {\n    debug\n      tls   off\n}\n');
  });

  it('follows a line break and a brace', async () => {
    const editing = await edit('smtp x {\n  debug   yes\n<|>\n    }<|>\n');
    const typed = async (ch: string, cursor: number): Promise<string> =>
      editing.edited(
        (await editing.client.connection.sendRequest(DocumentOnTypeFormattingRequest.type, {
          ...editing.at(cursor),
          ch,
          options,
        })) ?? [],
      );
    expect(await typed('\n', 0)).toBe('smtp x {\n    debug yes\n\n    }\n');
    expect(await typed('}', 1)).toBe('smtp x {\n  debug   yes\n\n}\n');
  });

  it('leaves broken texts alone', async () => {
    const editing = await edit('smtp x {\n  log "a\n<|>');
    const edits = await editing.client.connection.sendRequest(DocumentOnTypeFormattingRequest.type, {
      ...editing.at(),
      ch: '\n',
      options,
    });
    expect(editing.edited(edits ?? [])).toContain('"a\n');
  });
});

describe('an editor without a client of ours', () => {
  it('asks by commands', async () => {
    const { client, uri } = await edit('tls off\nhostname a.example\n');
    const answer: unknown = await client.connection.sendRequest(ExecuteCommandRequest.type, {
      command: 'maddyc.expandedText',
      arguments: [{ uri }],
    });
    expect(answer).toMatchObject({ ok: true, text: 'tls off\nhostname a.example\n' });
    expect(await client.connection.sendRequest(ExecuteCommandRequest.type, { command: 'nothing.ofOurs' })).toBeNull();
  });
});

describe('folders', () => {
  it('may be opened and closed', async () => {
    const broken = 'smtp tcp://127.0.0.1:2525 {\n    deliver_to &nowhere\n}\n';
    const client = connectServer(new Map([['file:///other/maddy.conf', broken]]));
    await client.initialize(fullCapabilities, folder);
    const change = (added: string[], removed: string[]) =>
      client.connection.sendNotification(DidChangeWorkspaceFoldersNotification.type, {
        event: {
          added: added.map((uri) => ({ uri, name: 'x' })),
          removed: removed.map((uri) => ({ uri, name: 'x' })),
        },
      });
    await change(['file:///other'], []);
    await eventually(() => (client.diagnostics.get('file:///other/maddy.conf')?.items.length ?? 0) > 0);
    await change([], ['file:///other/']);
    await eventually(() => client.diagnostics.get('file:///other/maddy.conf')?.items.length === 0);
    expect(client.diagnostics.has(mainUri)).toBe(false);
  });
});
