import { parseEnv } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ClientCapabilities,
  ConfigurationRequest,
  DidChangeWatchedFilesNotification,
  DidCloseTextDocumentNotification,
  FileChangeType,
  Range,
  WorkDoneProgress,
  WorkDoneProgressCreateRequest,
  WorkspaceDiagnosticRequest,
  WorkspaceSymbolRequest,
} from 'vscode-languageserver-protocol/node';
import { readEnvironmentFile } from '../../compiler/settings/environment-file.ts';
import { fitsPattern } from '../../compiler/settings/main-files.ts';
import { type MainFilesAnswer, mainFilesMethod } from '../../lsp/protocol.ts';
import { folder, mainUri } from '../kit/editing.ts';
import { eventually } from '../kit/eventually.ts';
import { connectServer, fullCapabilities, type LspClient } from '../kit/lsp.ts';

const broken = 'smtp tcp://127.0.0.1:2525 {\n    deliver_to &nowhere\n}\n';
const fine = 'tls off\nhostname a.example\nimport part.conf\nsmtp tcp://127.0.0.1:2525 {\n    deliver_to &boxes\n}\n';
const spotless = 'hostname a.example\ntls off\nlmtp unix:///run/lmtp.sock {\n    deliver_to dummy\n}\n';
const part = 'target.lmtp boxes {\n    targets tcp://127.0.0.1:24\n}\n';

async function started(
  files: Readonly<Record<string, string>>,
  capabilities: ClientCapabilities = fullCapabilities,
): Promise<{ readonly client: LspClient; readonly disk: Map<string, string> }> {
  const disk = new Map(Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]));
  const client = connectServer(disk);
  await client.initialize(capabilities, folder);
  return { client, disk };
}

function startLine(location: object): number | null {
  return 'range' in location && Range.is(location.range) ? location.range.start.line : null;
}

/** Of errors and warnings. */
function codesOf(client: LspClient, uri: string): readonly (string | number | undefined)[] {
  return (client.diagnostics.get(uri)?.items ?? []).flatMap(({ code, severity = 1 }) => (severity <= 2 ? code : []));
}

/** Ends when requests about the document are answered for the main file. */
async function belongsTo(client: LspClient, uri: string, main: string): Promise<void> {
  let chosen = '';
  while (chosen !== main) ({ chosen } = await client.connection.sendRequest<MainFilesAnswer>(mainFilesMethod, { uri }));
}

describe('files that nobody has open', () => {
  it('are checked, parts with those that import them', async () => {
    const { client } = await started({
      'a/maddy.conf': broken,
      'b/x.conf': broken,
      'b/resolv.conf': 'nameserver 1\n',
      'b/part.conf': part,
    });
    await eventually(() => codesOf(client, `${folder}/a/maddy.conf`).length > 0);
    await eventually(() => codesOf(client, `${folder}/b/x.conf`).length > 0);
    expect([...client.diagnostics.keys()]).not.toContain(`${folder}/b/resolv.conf`);
    expect([...client.diagnostics.keys()]).not.toContain(`${folder}/b/part.conf`);
  });

  it('are checked with progress when they are many, where the client shows it', async () => {
    const many = Array.from({ length: 20 }, (_, index) => [`${folder}/${index}/maddy.conf`, fine] as const);
    const client = connectServer(new Map(many));
    const seen: string[] = [];
    client.connection.onRequest(WorkDoneProgressCreateRequest.type, ({ token }) => {
      client.connection.onProgress(WorkDoneProgress.type, token, ({ kind }) => void seen.push(kind));
    });
    await client.initialize({ ...fullCapabilities, window: { workDoneProgress: true } }, folder);
    await eventually(() => seen.at(-1) === 'end');
    expect(seen[0]).toBe('begin');
    expect(seen).toContain('report');
  });

  it('are checked when they are closed, too', async () => {
    const { client } = await started({ 'a.conf': broken, 'b.conf': broken });
    await client.open(`${folder}/a.conf`, fine);
    await eventually(() => codesOf(client, `${folder}/b.conf`).length > 0);
    expect(codesOf(client, `${folder}/a.conf`)).not.toEqual(codesOf(client, `${folder}/b.conf`));
    await client.connection.sendNotification(DidCloseTextDocumentNotification.type, {
      textDocument: { uri: `${folder}/a.conf` },
    });
    await eventually(() => `${codesOf(client, `${folder}/a.conf`)}` === `${codesOf(client, `${folder}/b.conf`)}`);
  });

  it('are checked again when they change, and forgotten when they go', async () => {
    const { client, disk } = await started({ 'maddy.conf': broken });
    await eventually(() => codesOf(client, mainUri).length > 0);
    disk.delete(mainUri);
    await client.connection.sendNotification(DidChangeWatchedFilesNotification.type, {
      changes: [{ uri: mainUri, type: FileChangeType.Deleted }],
    });
    await eventually(() => client.diagnostics.get(mainUri)?.items.length === 0);
  });

  it('are found by the names in them, each once, until they go', async () => {
    const { client, disk } = await started({ 'one.conf': broken, 'two.conf': fine, 'part.conf': part });
    const open = `${folder}/two.conf`;
    const found = async (query: string): Promise<readonly string[]> => {
      const symbols = (await client.connection.sendRequest(WorkspaceSymbolRequest.type, { query })) ?? [];
      return symbols
        .map(({ name, location }) => `${name} ${location.uri.replace(`${folder}/`, '')} ${startLine(location)}`)
        .sort();
    };
    await client.open(open, fine);
    await eventually(() => codesOf(client, `${folder}/one.conf`).length > 0);
    expect(await found('')).toEqual(['boxes part.conf 0', 'smtp one.conf 0', 'smtp two.conf 3']);
    expect(await found('bxs')).toEqual(['boxes part.conf 0']);
    disk.delete(`${folder}/one.conf`);
    await client.connection.sendNotification(DidChangeWatchedFilesNotification.type, {
      changes: [{ uri: `${folder}/one.conf`, type: FileChangeType.Deleted }],
    });
    await eventually(() => client.diagnostics.get(`${folder}/one.conf`)?.items.length === 0);
    expect(await found('')).toEqual(['boxes part.conf 0', 'smtp two.conf 3']);
  });

  describe('are found by their names only while something imports them', () => {
    const files = {
      'main.conf': fine.replace('part.conf', 'middle.conf'),
      'middle.conf': `import part.conf\ntarget.lmtp others {\n}\n`,
      'part.conf': part,
      'third.conf': broken,
    };
    const named = async (client: LspClient): Promise<readonly string[]> => {
      const symbols = (await client.connection.sendRequest(WorkspaceSymbolRequest.type, { query: '' })) ?? [];
      return symbols.map(({ name }) => name).sort();
    };

    it.each([
      ['middle.conf', 'import part.conf\n', ['others', 'smtp', 'smtp']],
      ['main.conf', 'import middle.conf\n', ['smtp', 'smtp']],
    ] as const)('also when the text of %s is not saved', async (name, line, left) => {
      const { client } = await started(files);
      await eventually(() => codesOf(client, `${folder}/third.conf`).length > 0);
      expect(await named(client)).toEqual(['boxes', 'others', 'smtp', 'smtp']);
      const uri = `${folder}/${name}`;
      await client.open(uri, files[name]);
      await belongsTo(client, uri, `${folder}/main.conf`);
      expect(await named(client)).toEqual(['boxes', 'others', 'smtp', 'smtp']);
      await client.change(uri, 2, [{ text: files[name].replace(line, '') }]);
      expect(await named(client)).toEqual(left);
      await client.change(uri, 3, [{ text: files[name] }]);
      expect(await named(client)).toEqual(['boxes', 'others', 'smtp', 'smtp']);
    });
  });

  it('are left alone when the user says so', async () => {
    const disk = new Map([[mainUri, broken]]);
    const client = connectServer(disk);
    let asked = 0;
    client.connection.onRequest(ConfigurationRequest.type, () => {
      asked += 1;
      return [{ checkWorkspace: false }];
    });
    await client.initialize(fullCapabilities, folder);
    await eventually(() => asked > 0);
    await client.open(`${folder}/other.conf`, 'hostname a\n');
    await client.findings(`${folder}/other.conf`, 1);
    expect(client.diagnostics.has(mainUri)).toBe(false);
  });

  it('know the part that is opened, by `mainFiles`', async () => {
    const files = {
      'maddyc.json': '{ "mainFiles": ["hosts/*.conf"] }',
      'hosts/one.conf': fine.replace('part.conf', '../shared/part.conf'),
      'shared/part.conf': part,
    };
    const { client } = await started(files);
    const uri = `${folder}/shared/part.conf`;
    await client.open(uri, part);
    // By itself nothing uses the block.
    await eventually(() => client.diagnostics.get(uri)?.items.length === 0);
    await client.change(uri, 2, [{ text: part.replace('boxes', 'other') }]);
    await eventually(() => codesOf(client, `${folder}/hosts/one.conf`).length > 0);
  });
});

it('a document stays part of a main file that is closed', async () => {
  const { client } = await started({ 'other.conf': fine, 'part.conf': part, 'third.conf': broken });
  const [main, uri] = [`${folder}/other.conf`, `${folder}/part.conf`];
  await client.open(main, fine);
  await client.open(uri, part);
  await belongsTo(client, uri, main);
  // What the folder holds is looked for only now and then.
  await eventually(() => codesOf(client, `${folder}/third.conf`).length > 0);
  await client.connection.sendNotification(DidCloseTextDocumentNotification.type, { textDocument: { uri: main } });
  await belongsTo(client, uri, main);
});

describe('findings of the workspace', () => {
  const pulling: ClientCapabilities = {
    ...fullCapabilities,
    textDocument: { ...fullCapabilities.textDocument, diagnostic: {} },
  };

  it('are answered, and the next answer waits for news', async () => {
    const { client, disk } = await started({ 'a/maddy.conf': broken }, pulling);
    const first = await client.connection.sendRequest(WorkspaceDiagnosticRequest.type, { previousResultIds: [] });
    expect(first.items).toMatchObject([{ kind: 'full', uri: `${folder}/a/maddy.conf`, version: null }]);
    const [known] = first.items;
    const previousResultIds = [{ uri: known?.uri ?? '', value: known?.resultId ?? '' }];
    let isAnswered = false;
    const second = client.connection
      .sendRequest(WorkspaceDiagnosticRequest.type, { previousResultIds })
      .then((answer) => {
        isAnswered = true;
        return answer;
      });
    // Findings of it would be news, if the server sees it before it is closed.
    await client.open(mainUri, spotless);
    await client.connection.sendNotification(DidCloseTextDocumentNotification.type, { textDocument: { uri: mainUri } });
    expect(isAnswered).toBe(false);
    disk.set(`${folder}/a/maddy.conf`, fine.replace('import part.conf', part));
    await client.connection.sendNotification(DidChangeWatchedFilesNotification.type, {
      changes: [{ uri: `${folder}/a/maddy.conf`, type: FileChangeType.Changed }],
    });
    expect((await second).items).toMatchObject([{ uri: `${folder}/a/maddy.conf`, items: [{ severity: 3 }] }]);
  });
});

describe('settings', () => {
  it('that are wrong are shown in maddyc.json', async () => {
    const { client } = await started({ 'maddyc.json': '{ "rulse": {} }', 'part.conf': part });
    await client.open(mainUri, fine);
    await eventually(() => codesOf(client, `${folder}/maddyc.json`).join() === 'M1912');
  });

  it('name the variables of the server', async () => {
    const files = {
      'maddyc.json': '{ "envFile": "server.env" }',
      'server.env': 'HOST=mx.example.org\n',
      'part.conf': part,
    };
    const { client, disk } = await started(files);
    await client.open(mainUri, fine.replace('a.example', '{env:HOST}'));
    await client.findings(mainUri, 1);
    expect(codesOf(client, mainUri)).toEqual([]);
    disk.set(`${folder}/server.env`, 'OTHER=1\n');
    await client.connection.sendNotification(DidChangeWatchedFilesNotification.type, {
      changes: [{ uri: `${folder}/server.env`, type: FileChangeType.Changed }],
    });
    await eventually(() => codesOf(client, mainUri).length > 0);
  });

  it('say so when that file is not there', async () => {
    const { client } = await started({ 'maddyc.json': '{ "envFile": "nowhere.env" }', 'part.conf': part });
    await client.open(mainUri, fine);
    await eventually(() => codesOf(client, `${folder}/maddyc.json`).join() === 'M1912');
  });
});

describe('patterns of main files', () => {
  it.each([
    ['maddy.conf', 'maddy.conf', true],
    ['maddy.conf', 'a/maddy.conf', false],
    ['./hosts/*/maddy.conf', 'hosts/a/maddy.conf', true],
    ['hosts/*/maddy.conf', 'hosts/a/b/maddy.conf', false],
    ['**/maddy.conf', 'maddy.conf', true],
    ['**/maddy.conf', 'a/b/maddy.conf', true],
    ['m?ddy.c+nf', 'maddy.c+nf', true],
    ['m?ddy.c+nf', 'maddy.ccnf', false],
  ])('%s and %s', (pattern, path, fits) => {
    expect(fitsPattern(pattern, path)).toBe(fits);
  });
});

describe('files with variables', () => {
  const lines = fc.array(
    fc.oneof(
      fc.constantFrom(
        '# note',
        '',
        'A=1',
        'export B=two # note',
        "C='a # b'",
        'D="a\\nb"',
        'E="two\nlines"',
        ' F = spaced ',
        'G=',
        'H=`x`',
        '=no',
        'word',
      ),
      fc
        .tuple(fc.stringMatching(/^[A-Z_]{1,3}$/), fc.stringMatching(/^(?:[a-z0-9!@\\\\#=][a-z0-9!@\\\\#= ]{0,5})?$/))
        .map(([name, value]) => `${name}=${value}`),
    ),
    { maxLength: 6 },
  );

  // Where a quote is left open, or nothing but blanks follow a name, Node takes more than the line.
  it('are read as Node reads them', () => {
    fc.assert(
      fc.property(lines, (all) => {
        const text = all.join('\n');
        expect(Object.fromEntries(readEnvironmentFile(text))).toEqual({ ...parseEnv(text) });
      }),
      { numRuns: 1000 },
    );
  });
});
