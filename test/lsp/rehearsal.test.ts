import { expect, it } from 'vitest';
import { type InitializeParams, PublishDiagnosticsNotification } from 'vscode-languageserver-protocol/node';
import { rehearsal } from '../../lsp/rehearsal.ts';
import { connectServer, fullCapabilities } from '../kit/lsp.ts';

const pulling: InitializeParams['capabilities'] = {
  ...fullCapabilities,
  textDocument: { ...fullCapabilities.textDocument, diagnostic: {} },
};

it.each([
  ['are sent to', fullCapabilities],
  ['pulls', pulling],
])('goes all the way to the findings that a client %s', async (_, capabilities) => {
  const { connection } = connectServer();
  const sent = new Promise<string>((resolve) => {
    connection.onNotification(PublishDiagnosticsNotification.type, ({ uri }) => resolve(uri));
  });
  const params: InitializeParams = { processId: 1, rootUri: 'file:///home', workspaceFolders: [], capabilities };
  const answers: unknown[] = [];
  for (const { id, method, params: own } of rehearsal(params)) {
    if (id === undefined) await connection.sendNotification(method, own);
    else answers.push(await connection.sendRequest(method, own).catch((error: Error) => error.message));
  }
  if (capabilities === pulling) expect(answers.at(-1)).toMatchObject({ kind: 'full', items: expect.any(Array) });
  else expect(await sent).toMatch(/maddy\.conf$/);
});

it('has no process to watch and no folder to look through', () => {
  const params: InitializeParams = {
    processId: 1,
    rootUri: 'file:///home',
    workspaceFolders: [{ uri: 'file:///home', name: 'home' }],
    capabilities: {},
  };
  expect(rehearsal(params)[0]?.params).toMatchObject({ processId: null, rootUri: null, workspaceFolders: null });
});
