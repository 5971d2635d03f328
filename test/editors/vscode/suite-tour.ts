import * as vscode from 'vscode';
import { importedFile } from '../expected.ts';
import { tourFile, tourLine, tourText } from '../tour.ts';
import { type Check, must, until } from './suite-checks.ts';

/** What the extension adds to the protocol's features, on a configuration without mistakes. */
export async function checkTour(check: Check, folder: vscode.Uri): Promise<void> {
  const uri = vscode.Uri.joinPath(folder, tourFile);
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document);
  const manifest: unknown = vscode.extensions.getExtension('maddyc.maddyc-vscode')?.packageJSON;

  await check('every command of the manifest is there', async () => {
    const known = new Set(await vscode.commands.getCommands(true));
    // Without processes there is nothing to start.
    const missing = commandsOf(manifest).filter(
      (command) => !known.has(command) && !/\.(run|stop|tryConfiguration|sendTestMessage)$/.test(command),
    );
    must(missing.length === 0, missing.join(' '));
  });
  await check('rename changes every use', async () => {
    const edit = await vscode.commands.executeCommand<vscode.WorkspaceEdit>(
      'vscode.executeDocumentRenameProvider',
      uri,
      at('msgpipeline local_routing', 14),
      'inbound',
    );
    must(edit.get(uri).length === 4, `${edit.get(uri).length} edits`);
  });
  await check('references, hints, semantic colours and call hierarchy are answered', async () => {
    const place = at('msgpipeline local_routing', 14);
    const ask = <Answer>(command: string, ...args: readonly unknown[]) =>
      vscode.commands.executeCommand<Answer>(command, uri, ...args);
    const references = await ask<vscode.Location[]>('vscode.executeReferenceProvider', place);
    must(references.length >= 3, `${references.length} references`);
    const all = new vscode.Range(0, 0, document.lineCount, 0);
    const hints = await ask<vscode.InlayHint[]>('vscode.executeInlayHintProvider', all);
    must(hints.length > 0, 'no inlay hints');
    const tokens = await ask<vscode.SemanticTokens | undefined>('vscode.provideDocumentSemanticTokens');
    must((tokens?.data.length ?? 0) > 0, 'no semantic tokens');
    const lenses = await ask<vscode.CodeLens[]>('vscode.executeCodeLensProvider', 50);
    must(
      lenses.some(({ command }) => command?.command === 'maddy.routeFrom'),
      lenses.map(({ command }) => command?.title).join(' | '),
    );
    const calls = await ask<vscode.CallHierarchyItem[]>('vscode.prepareCallHierarchy', place);
    must(calls.length === 1, `${calls.length} items`);
  });
  await check('the expanded text is beside, follows the source, and leads back to it', async () => {
    await vscode.commands.executeCommand('maddy.showExpanded');
    const preview = () =>
      vscode.workspace.textDocuments.find(({ uri: { scheme }, isClosed }) => scheme === 'maddy-preview' && !isClosed);
    const has = (words: string) => preview()?.getText().includes(words) === true;
    await until(() => has('destination postmaster example.org example.net'), 'the expanded text');
    await replace(document, 'example.org example.net', 'example.org example.com');
    await until(() => has('destination postmaster example.org example.com'), 'the changed text');
    const expanded = preview();
    must(expanded !== undefined, 'closed');
    const line =
      expanded
        ?.getText()
        .split('\n')
        .findIndex((each) => each.startsWith('msgpipeline')) ?? -1;
    const [origin] = await vscode.commands.executeCommand<vscode.Location[]>(
      'vscode.executeDefinitionProvider',
      expanded?.uri,
      new vscode.Position(line, 0),
    );
    must(origin?.range.start.line === tourLine('msgpipeline local_routing') - 1, JSON.stringify(origin));
    await replace(document, 'example.org example.com', 'example.org example.net');
  });
  await check('the plan is a JSON document', async () => {
    await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
    await vscode.commands.executeCommand('maddy.compile');
    await until(() => vscode.window.activeTextEditor?.document.languageId === 'json', 'the plan');
    const plan: unknown = JSON.parse(vscode.window.activeTextEditor?.document.getText() ?? '');
    must(typeof plan === 'object' && plan !== null && 'endpoints' in plan, 'no endpoints');
  });
  await check('panels open as views beside', async () => {
    for (const [command, title] of [
      ['maddy.showGraph', 'Ways of mail'],
      ['maddy.route', 'Route a message'],
    ] as const) {
      await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
      await vscode.commands.executeCommand(command);
      await until(
        () => vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(({ label }) => label === title)),
        `the view ${title}`,
      );
    }
  });
  await check('the move to Dovecot is a difference, and then in the file', async () => {
    await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
    await vscode.commands.executeCommand('maddy.migrateToDovecot');
    const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    must(input instanceof vscode.TabInputTextDiff, 'no difference is shown');
    must(document.getText() === tourText, 'it is changed already');
    await vscode.commands.executeCommand('maddy.applyMigration');
    must(document.getText().includes('target.lmtp local_mailboxes'), document.getText());
    must(!document.getText().includes('imap tcp'), 'the imap endpoint is still there');
  });
  await check('the move to Dovecot of several files is one difference, and then in each of them', async () => {
    const main = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder, 'parts/maddy.conf'));
    await vscode.window.showTextDocument(main, vscode.ViewColumn.One);
    await vscode.commands.executeCommand('maddy.migrateToDovecot');
    const differences = () =>
      vscode.window.tabGroups.all
        .flatMap(({ tabs }) => tabs)
        .filter(({ label }) => label.startsWith('As it is ↔ with Dovecot'));
    await until(() => differences().length === 1, 'the difference');
    must(!main.getText().includes('dovecot_sasl'), 'it is changed already');
    await vscode.commands.executeCommand('maddy.applyMigration');
    const part = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder, 'parts/mailboxes.conf'));
    must(part.getText().includes('target.lmtp boxes'), part.getText());
    must(!main.getText().includes('imap tcp'), main.getText());
    // Nothing is saved yet: only as a part of the language the server knows what is in it.
    await until(() => part.languageId === 'maddy', 'the part has the language');
    await until(() => differences().length === 0, 'the difference is closed');
  });
  await check("Dovecot's own configuration is a document", async () => {
    const isOpen = () => vscode.window.activeTextEditor?.document.getText().includes('service lmtp') === true;
    await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
    await choosingFirst('maddy.showDovecot', isOpen);
    must(isOpen(), vscode.window.activeTextEditor?.document.getText() ?? 'nothing is open');
  });
  await check('a new configuration comes from a template', async () => {
    const isOpen = () => vscode.window.activeTextEditor?.document.getText().includes('target.lmtp mailboxes') === true;
    await choosingFirst('maddy.newConfiguration', isOpen);
    must(vscode.window.activeTextEditor?.document.languageId === 'maddy', 'another language');
    await vscode.commands.executeCommand('leaveSnippet');
  });
  await check('a main file is chosen for a part', async () => {
    const part = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder, importedFile));
    await vscode.window.showTextDocument(part);
    await vscode.languages.setTextDocumentLanguage(part, 'maddy');
    await choosingFirst('maddy.chooseMainFile');
  });
  await check('a restarted server serves as before', async () => {
    await vscode.commands.executeCommand('maddy.restartServer');
    await replace(document, 'deliver_to &local_routing', 'deliver_to &nowhere');
    await until(
      () => vscode.languages.getDiagnostics(uri).some(({ message }) => message.includes('nowhere')),
      'the finding',
    );
  });
}

/** Tasks need processes. */
export async function checkTasks(check: Check, folder: vscode.Uri): Promise<void> {
  if (!(await vscode.commands.getCommands(true)).includes('maddy.run')) return;
  await check('the check task finds what the editor finds, in files that are not open', async () => {
    const file = vscode.Uri.joinPath(folder, 'broken/maddy.conf');
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode('smtp tcp://127.0.0.1:2599 {\n    wrong\n}\n'));
    const tasks = await vscode.tasks.fetchTasks({ type: 'maddyc' });
    const task = tasks.find(({ definition }) => definition.command === 'check' && definition.file === file.fsPath);
    must(task !== undefined, tasks.map(({ name }) => name).join(' | '));
    if (task === undefined) return;
    const ended = new Promise<number | undefined>((resolve) => {
      vscode.tasks.onDidEndTaskProcess(({ exitCode }) => resolve(exitCode));
    });
    await vscode.tasks.executeTask(task);
    must((await ended) === 1, `exit code ${await ended}`);
    const found = () => vscode.languages.getDiagnostics(file).find(({ message }) => message.includes('"wrong"'));
    await until(() => found() !== undefined, 'the finding of the task');
    must(found()?.range.start.line === 1, JSON.stringify(found()));
  });
  await check('why the mail server does not start stands at its line', async () => {
    const file = vscode.Uri.joinPath(folder, 'broken/maddy.conf');
    const tasks = await vscode.tasks.fetchTasks({ type: 'maddyc' });
    const task = tasks.find(({ definition }) => definition.command === 'run' && definition.file === file.fsPath);
    must(task !== undefined, tasks.map(({ name }) => name).join(' | '));
    if (task !== undefined) await vscode.tasks.executeTask(task);
    const found = () => vscode.languages.getDiagnostics(file).find(({ source }) => source === 'maddyc run');
    await until(() => found() !== undefined, 'the reason');
    must(found()?.message.includes('hostname') === true, JSON.stringify(found()));
  });
}

/** Runs a command that asks, and takes the first answer once it is offered. */
async function choosingFirst(command: string, hasCome: () => boolean = () => false): Promise<void> {
  let hasEnded = false;
  const running = vscode.commands.executeCommand(command).then(() => {
    hasEnded = true;
  });
  for (let tries = 0; tries < 50 && !hasEnded && !hasCome(); tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
  }
  await running;
  must(hasEnded, `${command} still waits`);
}

function at(words: string, inside: number): vscode.Position {
  const lines = tourText.split('\n');
  const line = lines.findIndex((each) => each.includes(words));
  return new vscode.Position(line, (lines[line]?.indexOf(words) ?? 0) + inside);
}

async function replace(document: vscode.TextDocument, before: string, after: string): Promise<void> {
  const start = document.getText().indexOf(before);
  const edit = new vscode.WorkspaceEdit();
  const range = new vscode.Range(document.positionAt(start), document.positionAt(start + before.length));
  edit.replace(document.uri, range, after);
  must(start !== -1 && (await vscode.workspace.applyEdit(edit)), `${before} cannot be replaced`);
}

function commandsOf(manifest: unknown): readonly string[] {
  // The manifest is JSON that the package script has checked.
  const { contributes } = manifest as { contributes: { commands: readonly { command: string }[] } };
  return contributes.commands.map(({ command }) => command);
}
