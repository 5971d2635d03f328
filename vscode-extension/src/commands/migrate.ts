import {
  commands,
  languages,
  ProgressLocation,
  type Tab,
  TabInputTextDiff,
  Uri,
  ViewColumn,
  window,
  workspace,
} from 'vscode';
import { clientCommands, type MigrateAnswer } from '../../../lsp/protocol.ts';
import type { Feature, Parts } from '../feature.ts';
import { showFile, showRefusal } from '../places.ts';
import { PreviewDocuments, previewLanguageId, previewScheme } from '../preview-documents.ts';

type Migration = Extract<MigrateAnswer, { readonly ok: true }>;

/** Of the difference of several files. */
const severalTitle = 'As it is ↔ with Dovecot';
const dovecotTitle = "Show Dovecot's Configuration";

/** Mailboxes and logins to Dovecot: first as a difference to look at, then, when the user says so, in the files. */
export const migrate: Feature = (parts) => {
  const { context, client, active, server } = parts;
  let shown: Migration | null = null;
  /** Takes the notice of what is shown back. */
  let settle = (): void => undefined;
  const setShown = (migration: Migration | null) => {
    settle();
    settle = migration === null ? () => undefined : tellUntilSettled(migration);
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
    if (first !== undefined) await showFile(Uri.parse(first.uri));
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
    }),
    commands.registerCommand('maddy.applyMigration', apply),
    commands.registerCommand('maddy.showMigrationNotes', () => (shown === null ? undefined : showNotes(shown, parts))),
    window.tabGroups.onDidChangeTabs(({ closed }) => {
      const migration = shown;
      if (migration !== null && closed.some((tab) => isAbout(tab, migration))) void setShown(null);
    }),
    { dispose: () => settle() },
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
    // Two texts side by side need more room than a view beside the file has.
    const title = `${nameOf(first[0])}: as it is ↔ with Dovecot`;
    await commands.executeCommand('vscode.diff', ...first, title, { viewColumn: ViewColumn.One });
  } else {
    const resources = pairs.map(([original, migrated]) => [original, original, migrated]);
    await commands.executeCommand('vscode.changes', severalTitle, resources);
  }
}

/** What it showed is in the files now. */
async function closeDifference(migration: Migration): Promise<void> {
  const tabs = window.tabGroups.all.flatMap(({ tabs }) => tabs);
  await window.tabGroups.close(tabs.filter((tab) => isAbout(tab, migration)));
}

function isAbout({ input, label }: Tab, { files }: Migration): boolean {
  if (!(input instanceof TabInputTextDiff)) return label.startsWith(severalTitle);
  const { original, modified } = input;
  return (
    modified.scheme === previewScheme && files.some(({ uri }) => Uri.parse(uri).toString() === original.toString())
  );
}

/**
 * A message that an extension shows stays until the user closes it; one about work goes with the work, and the work is the user's
 * look at the difference. Gives what ends it.
 */
function tellUntilSettled({ notes: { length: count } }: Migration): () => void {
  // A longer text would be cut off.
  const left = count === 1 ? 'One Thing Is' : `${count} Things Are`;
  const notes = count === 0 ? '' : ` · [${left} Left to Do](command:maddy.showMigrationNotes)`;
  let settle = (): void => undefined;
  const settled = new Promise<void>((resolve) => {
    settle = resolve;
  });
  void window.withProgress({ location: ProgressLocation.Notification }, (progress) => {
    // No part of any whole: else a bar would run from end to end.
    progress.report({ message: `Nothing is changed yet: [Apply](command:maddy.applyMigration)${notes}`, increment: 0 });
    return settled;
  });
  return settle;
}

async function showNotes({ main, notes }: Migration, { previews }: Parts): Promise<void> {
  const uri = PreviewDocuments.uriOf(Uri.parse(main), 'With Dovecot.md');
  const lines = notes.map(({ message }) => `- ${message.replace(/[\\`*_[\]<>#]/g, '\\$&')}`);
  const here = `In VS Code the command **maddy: ${dovecotTitle}** writes Dovecot's side.`;
  previews.put(uri, `# What is left to do, and different afterwards\n\n${lines.join('\n')}\n\n${here}\n`);
  await commands.executeCommand('markdown.showPreview', uri);
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
