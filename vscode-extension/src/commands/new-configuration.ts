import { commands, SnippetString, window, workspace } from 'vscode';
import templates from '../../snippets/maddy.json' with { type: 'json' };
import { languageId } from '../active-configuration.ts';
import type { Feature } from '../feature.ts';

/** A new document from one of the templates, with places to fill in. */
export const newConfiguration: Feature = ({ context }) => {
  context.subscriptions.push(
    commands.registerCommand('maddy.newConfiguration', async () => {
      const items = Object.entries(templates).map(([label, { description, body }]) => ({
        label,
        detail: description,
        body,
      }));
      const chosen = await window.showQuickPick(items, { title: 'New maddy configuration' });
      if (chosen === undefined) return;
      const editor = await window.showTextDocument(await workspace.openTextDocument({ language: languageId }));
      await editor.insertSnippet(new SnippetString(chosen.body.join('\n')));
    }),
  );
};
