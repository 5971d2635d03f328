import { languages, type TextDocument, window, workspace } from 'vscode';
import { languageId } from './active-configuration.ts';
import type { Feature } from './feature.ts';

/** Languages that VS Code gives to files whose names it does not know better. */
const unspecific: ReadonlySet<string> = new Set(['plaintext', 'properties', 'ini']);

/** What a configuration imports is of its language, whatever its name: only then the server sees what is typed in it. */
export const importedParts: Feature = ({ context, server, inBackground }) => {
  // Who takes another language for it means that.
  const seen = new Set<string>();
  const look = async (document: TextDocument): Promise<void> => {
    const uri = document.uri.toString();
    if (!unspecific.has(document.languageId) || document.isUntitled || seen.has(uri)) return;
    const { mains } = await server.mainFiles({ uri });
    if (!mains.some((main) => main !== uri) || document.isClosed) return;
    seen.add(uri);
    await languages.setTextDocumentLanguage(document, languageId);
  };
  context.subscriptions.push(
    workspace.onDidOpenTextDocument((document) => inBackground(look(document))),
    // At first the folder may not have been looked through yet.
    window.onDidChangeActiveTextEditor((editor) => {
      if (editor !== undefined) inBackground(look(editor.document));
    }),
    workspace.onDidSaveTextDocument((document) => {
      if (document.languageId !== languageId) return;
      for (const each of workspace.textDocuments) inBackground(look(each));
    }),
  );
  for (const document of workspace.textDocuments) inBackground(look(document));
};
