import { commands, languages, type QuickPickItem, Uri, window, workspace } from 'vscode';
import { State } from 'vscode-languageclient';
import { languageId } from '../active-configuration.ts';
import type { Feature } from '../feature.ts';

/** Where the choices are kept: main file by the part that it was chosen for. */
const storageKey = 'mainFiles';

/** Which configuration a part belongs to, and the choice when several import it. */
export const mainFile: Feature = ({ context, client, server, active, inBackground }) => {
  const status = languages.createLanguageStatusItem('maddy.mainFile', { language: languageId });
  status.name = 'maddy: main file';
  status.command = { command: 'maddy.chooseMainFile', title: 'Choose' };

  const choices = (): Readonly<Record<string, string>> => context.workspaceState.get(storageKey, {});
  const show = async (): Promise<void> => {
    if (active.uri === null || client.state !== State.Running) return;
    const uri = active.uri.toString();
    const { chosen } = await server.mainFiles({ uri });
    if (uri === active.uri.toString()) status.text = chosen === uri ? 'main file' : `part of ${shortName(chosen)}`;
  };
  const choose = async (uri: string, main: string | null): Promise<void> => {
    const { [uri]: _, ...others } = choices();
    await context.workspaceState.update(storageKey, main === null ? others : { ...others, [uri]: main });
    await server.chooseMainFile({ uri, main });
    await show();
  };
  const restore = async (): Promise<void> => {
    for (const [uri, main] of Object.entries(choices())) await server.chooseMainFile({ uri, main });
    await show();
  };

  context.subscriptions.push(
    status,
    active.onDidChange(() => inBackground(show())),
    workspace.onDidSaveTextDocument(({ languageId: id }) => {
      if (id === languageId) inBackground(show());
    }),
    // A new server knows nothing of what was chosen.
    client.onDidChangeState(({ newState }) => {
      if (newState === State.Running) inBackground(restore());
    }),
    commands.registerCommand('maddy.chooseMainFile', async () => {
      const uri = (await active.find())?.toString();
      if (uri === undefined) return;
      const { mains, chosen } = await server.mainFiles({ uri });
      const items: (QuickPickItem & { readonly main: string | null })[] = [
        ...mains.map((main) => ({
          main,
          label: shortName(main),
          description: main === chosen ? 'now' : '',
        })),
        { main: null, label: 'As maddyc finds it', description: 'the first file that imports this one, or itself' },
      ];
      const picked = await window.showQuickPick(items, {
        title: `Main file of ${shortName(uri)}`,
        placeHolder: 'Commands such as route, graph and compile are about this file',
      });
      if (picked !== undefined) await choose(uri, picked.main);
    }),
  );
};

function shortName(uri: string): string {
  return workspace.asRelativePath(Uri.parse(uri));
}
