import { describe, expect, it } from 'vitest';
import {
  type ClientCapabilities,
  CodeLensRefreshRequest,
  CodeLensRequest,
  ConfigurationRequest,
  DidChangeConfigurationNotification,
  InlayHintRefreshRequest,
  InlayHintRequest,
  SemanticTokensRefreshRequest,
} from 'vscode-languageserver-protocol/node';
import { folder, mainUri } from '../kit/editing.ts';
import { eventually } from '../kit/eventually.ts';
import { connectServer, fullCapabilities } from '../kit/lsp.ts';

const text = '$(domain) = a.example\nhostname $(domain)\n(common) {\n    debug\n}\nimport common\n';
const textDocument = { uri: mainUri };
const range = { start: { line: 0, character: 0 }, end: { line: 3, character: 0 } };

const refreshing: ClientCapabilities = {
  ...fullCapabilities,
  workspace: {
    ...fullCapabilities.workspace,
    inlayHint: { refreshSupport: true },
    codeLens: { refreshSupport: true },
  },
};

describe('settings of the editor', () => {
  it('switch hints and lenses off and on, and what is on the screen is asked for anew', async () => {
    const client = connectServer();
    const { connection } = client;
    let settings = { inlayHints: true, codeLens: true };
    const refreshed: string[] = [];
    connection.onRequest(ConfigurationRequest.type, () => [settings]);
    connection.onRequest(InlayHintRefreshRequest.type, () => void refreshed.push('hints'));
    connection.onRequest(CodeLensRefreshRequest.type, () => void refreshed.push('lenses'));
    await client.initialize(refreshing, folder);
    await client.open(mainUri, text);
    const shown = async (): Promise<readonly boolean[]> => {
      const hints = await connection.sendRequest(InlayHintRequest.type, { textDocument, range });
      const lenses = await connection.sendRequest(CodeLensRequest.type, { textDocument });
      return [hints, lenses].map((list) => (list ?? []).length > 0);
    };
    const change = (to: typeof settings): Promise<void> => {
      settings = to;
      return connection.sendNotification(DidChangeConfigurationNotification.type, { settings: null });
    };
    await client.findings(mainUri, 1);
    expect(await shown()).toEqual([true, true]);

    await change({ inlayHints: false, codeLens: true });
    await eventually(() => refreshed.length > 0);
    expect(await shown()).toEqual([false, true]);

    await change({ inlayHints: true, codeLens: false });
    await eventually(() => refreshed.length > 2);
    expect(await shown()).toEqual([true, false]);
    expect(refreshed).toEqual(['hints', 'hints', 'lenses']);
  });
});

describe('what other files decide', () => {
  const madmail = 'max_federation_size 5M\nhostname a.example\n';
  const part = 'target.lmtp boxes {\n    targets tcp://127.0.0.1:24\n}\n';
  const main = 'import part.conf\nsmtp tcp://127.0.0.1:25 {\n    deliver_to &boxes\n}\n';
  const partUri = `${folder}/part.conf`;

  const watched = async () => {
    const client = connectServer(new Map([[partUri, part]]));
    const refreshed: string[] = [];
    for (const type of [SemanticTokensRefreshRequest.type, InlayHintRefreshRequest.type, CodeLensRefreshRequest.type]) {
      client.connection.onRequest(type, () => void refreshed.push(type.method.replace(/^workspace.|.refresh$/g, '')));
    }
    const semanticTokens = { refreshSupport: true };
    await client.initialize({ ...refreshing, workspace: { ...refreshing.workspace, semanticTokens } }, folder);
    return { client, refreshed };
  };
  const all = ['semanticTokens', 'inlayHint', 'codeLens'];

  it('is asked for anew once it is known or changes, and only then', async () => {
    const { client, refreshed } = await watched();
    await client.open(mainUri, main);
    await eventually(() => refreshed.length === 3);
    expect(refreshed).toEqual(all);
    await client.open(partUri, part);
    await client.findings(partUri, 1);
    refreshed.length = 0;
    await client.change(partUri, 2, [{ text: `# boxes\n${part}` }]);
    await eventually(() => refreshed.length === 3);
    expect(refreshed).toEqual(all);
  });

  it('is the dialect, too', async () => {
    const { client, refreshed } = await watched();
    await client.open(mainUri, madmail);
    await eventually(() => refreshed.length === 3);
    expect(refreshed).toEqual(all);
  });
});
