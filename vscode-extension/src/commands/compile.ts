import { commands, Uri, window, workspace } from 'vscode';
import type { Feature } from '../feature.ts';
import { showRefusal } from '../places.ts';

/** The plan as a new document: where it is saved to is the user's choice. */
export const compile: Feature = ({ context, active, server }) => {
  context.subscriptions.push(
    commands.registerCommand('maddy.compile', async () => {
      const uri = await active.find();
      if (uri === null) return;
      const answer = await server.compile({ uri: uri.toString() });
      if (!answer.ok) return showRefusal(answer, Uri.parse);
      await window.showTextDocument(await workspace.openTextDocument({ language: 'json', content: answer.text }));
    }),
  );
};
