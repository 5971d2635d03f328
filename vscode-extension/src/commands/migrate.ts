import { commands, languages, type Tab, TabInputTextDiff, Uri, window, workspace } from 'vscode';
import { clientCommands, type MigrateAnswer } from '../../../lsp/protocol.ts';
import type { Feature, Parts } from '../feature.ts';
import { showRefusal } from '../places.ts';
import { PreviewDocuments, previewLanguageId, previewScheme } from '../preview-documents.ts';

type Migration = Extract<MigrateAnswer, { readonly ok: true }>;

const applyTitle = 'Apply';
const notesTitle = 'What Is Left to Do';
/** Of the difference of several files. */
const severalTitle = 'As it is ↔ with Dovecot';
const dovecotTitle = "Show Dovecot's Configuration";

/** Mailboxes and logins to Dovecot: first as a difference to look at, then, when the user says so, in the files. */
export const migrate: Feature = (parts) => {
  const { context, client, active, server } = parts;
  let shown: Migration | null = null;
  const setShown = (migration: Migration | null) => {
    shown = migration;
    return commands.executeCommand('setContext', 'maddy.showsMigration', migration !== null);
  };
  const apply = async (): Promise<void> => {
    if (shown === null) return;
    const migration = shown;
    const isStale = migration.files.some(({ uri, before }) => {
      const open = workspace.textDocuments.find((document) => document.uri.toString() === Uri.parse(uri).toString());
      return open !== undefined && open.getText().replaceAll('\r\n', '\n') !== before.replaceAll('\r\n', '\n');
    });
    await setShown(null);
    if (isStale) {
      void window.showWarningMessage('The configuration has changed meanwhile: look at the migration again.');
      return;
    }
    const edit = await client.protocol2CodeConverter.asWorkspaceEdit(migration.edit);
    if (!(await workspace.applyEdit(edit))) {
      void window.showErrorMessage('The configuration could not be changed.');
      return;
    }
    await closeDifference(migration);
    const [first] = migration.files;
    if (first !== undefined) await window.showTextDocument(Uri.parse(first.uri));
    parts.inBackground(offerDovecot());
  };
  context.subscriptions.push(
    commands.registerCommand(clientCommands.migrate, async (given?: unknown) => {
      const uri = typeof given === 'string' ? Uri.parse(given) : await active.find();
      if (uri === null) return;
      const answer = await server.migrate({ uri: uri.toString() });
      if (!answer.ok) {
        if (answer.because === 'nothing-to-migrate') void window.showInformationMessage(answer.message);
        else await showRefusal(answer, Uri.parse);
        return;
      }
      await showDifference(answer, parts);
      await setShown(answer);
      // Not awaited: the message may stand there while the user reads the difference.
      parts.inBackground(ask(answer, apply, parts.previews));
    }),
    commands.registerCommand('maddy.applyMigration', apply),
  );
};

async function showDifference({ files }: Migration, { previews }: Parts): Promise<void> {
  const pairs: [original: Uri, migrated: Uri][] = [];
  for (const { uri, after } of files) {
    const original = Uri.parse(uri);
    const migrated = PreviewDocuments.uriOf(original, `${nameOf(original)} (with Dovecot)`);
    previews.put(migrated, after);
    await languages.setTextDocumentLanguage(await workspace.openTextDocument(migrated), previewLanguageId);
    pairs.push([original, migrated]);
  }
  const [first] = pairs;
  if (first === undefined) return;
  if (pairs.length === 1) {
    await commands.executeCommand('vscode.diff', ...first, `${nameOf(first[0])}: as it is ↔ with Dovecot`);
  } else {
    const resources = pairs.map(([original, migrated]) => [original, original, migrated]);
    await commands.executeCommand('vscode.changes', severalTitle, resources);
  }
}

/** What it showed is in the files now. */
async function closeDifference({ files }: Migration): Promise<void> {
  const changed = new Set(files.map(({ uri }) => Uri.parse(uri).toString()));
  const isAbout = ({ input, label }: Tab): boolean =>
    input instanceof TabInputTextDiff
      ? input.modified.scheme === previewScheme && changed.has(input.original.toString())
      : label.startsWith(severalTitle);
  await window.tabGroups.close(window.tabGroups.all.flatMap(({ tabs }) => tabs.filter(isAbout)));
}

async function ask(migration: Migration, apply: () => Promise<void>, previews: PreviewDocuments): Promise<void> {
  const count = migration.notes.length;
  const left = count === 1 ? 'One thing is' : `${count} things are`;
  const chosen = await window.showInformationMessage(
    `Nothing is changed yet. ${count === 0 ? 'Nothing else has to be done.' : `${left} left to do, or different afterwards.`}`,
    applyTitle,
    ...(count === 0 ? [] : [notesTitle]),
  );
  if (chosen === applyTitle) await apply();
  if (chosen !== notesTitle) return;
  const uri = PreviewDocuments.uriOf(Uri.parse(migration.main), 'With Dovecot.md');
  const lines = migration.notes.map(({ message }) => `- ${message.replace(/[\\`*_[\]<>#]/g, '\\$&')}`);
  previews.put(uri, `# What is left to do, and different afterwards\n\n${lines.join('\n')}\n`);
  await commands.executeCommand('markdown.showPreview', uri);
  await ask(migration, apply, previews);
}

/** Half of the step is not in these files. */
async function offerDovecot(): Promise<void> {
  const message =
    'The mail server hands mailboxes and logins to Dovecot now. Dovecot needs a configuration for that, too.';
  if ((await window.showInformationMessage(message, dovecotTitle)) === dovecotTitle) {
    await commands.executeCommand('maddy.showDovecot');
  }
}

function nameOf({ path }: Uri): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
