import { commands, Uri, window, workspace } from 'vscode';
import type { DovecotParams } from '../../../lsp/protocol.ts';
import type { Feature } from '../feature.ts';
import { showRefusal } from '../places.ts';

const releases: readonly { readonly label: string; readonly description: string; readonly release: Release }[] = [
  { label: 'Dovecot 2.3', description: 'in Debian 11 and 12, Ubuntu 22.04 and 24.04', release: '2.3' },
  { label: 'Dovecot 2.4', description: 'in Debian 13; writes most settings differently', release: '2.4' },
];

type Release = DovecotParams['release'];

/** Dovecot's side of a configuration that hands mailboxes and logins to it, as a new document: where it is saved to is the user's choice. */
export const dovecot: Feature = ({ context, active, server }) => {
  context.subscriptions.push(
    commands.registerCommand('maddy.showDovecot', async () => {
      const uri = await active.find();
      if (uri === null) return;
      const placeHolder = 'Which Dovecot is it for? "dovecot --version" tells.';
      const chosen = await window.showQuickPick(releases, { placeHolder });
      if (chosen === undefined) return;
      const answer = await server.dovecot({ uri: uri.toString(), release: chosen.release });
      if (!answer.ok) return showRefusal(answer, Uri.parse);
      const notes = answer.notes.map((note) => `# NOTE: ${note}\n`).join('');
      const content = `${notes}${notes === '' ? '' : '\n'}${answer.text}`;
      await window.showTextDocument(await workspace.openTextDocument({ language: 'properties', content }));
    }),
  );
};
