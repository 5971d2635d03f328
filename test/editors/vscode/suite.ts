import * as vscode from 'vscode';
import { expected, importedFile, type SamplePosition, sampleFile } from '../expected.ts';
import { type Check, must, until } from './suite-checks.ts';
import { checkTasks, checkTour } from './suite-tour.ts';

// Runs inside of VS Code's extension host: it asks VS Code, not the server, and so sees what the user would see,
// merged, filtered and converted. Only `vscode` can be required there.

interface Result {
  readonly name: string;
  readonly fault: string | null;
  readonly milliseconds: number;
}

export async function run(): Promise<void> {
  const results: Result[] = [];
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  if (folder === undefined) throw new Error('no folder is open');
  const uri = vscode.Uri.joinPath(folder.uri, sampleFile);
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document);

  const check: Check = async (name, test) => {
    const start = Date.now();
    let fault: string | null = null;
    try {
      await test();
    } catch (error) {
      fault = error instanceof Error ? error.message : String(error);
    }
    results.push({ name, fault, milliseconds: Date.now() - start });
  };
  const ask = <Answer>(command: string, ...args: readonly unknown[]): Thenable<Answer> =>
    vscode.commands.executeCommand<Answer>(command, uri, ...args);

  await check('the extension starts by itself for the language', async () => {
    must(document.languageId === 'maddy', `language ${document.languageId}`);
    await until(() => vscode.extensions.getExtension('maddyc.maddyc-vscode')?.isActive === true, 'it is active');
  });
  await check('findings stand at their places', async () => {
    const { at, text } = expected.unknownDirective;
    await until(() => findings(uri).some(({ message }) => message.includes(text)), 'the finding');
    const found = findings(uri).find(({ message }) => message.includes(text));
    must(found?.range.start.isEqual(positionOf(at)) === true, JSON.stringify(found));
    must(found?.source === 'maddyc', `source ${found?.source}`);
  });
  await check('directives are suggested with documentation', async () => {
    const list = await ask<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      positionOf(expected.directiveCompletion.at),
      undefined,
      50,
    );
    const item = list.items.find(({ label }) => nameOf(label) === expected.directiveCompletion.label);
    must(item !== undefined, list.items.map(({ label }) => nameOf(label)).join(' '));
    must(markdown(item?.documentation).length > 20, 'no documentation');
  });
  await check('hovers show directives, macros and references', async () => {
    for (const { at, text } of [expected.directiveHover, expected.macroHover, expected.referenceHover]) {
      const hovers = await ask<vscode.Hover[]>('vscode.executeHoverProvider', positionOf(at));
      const shown = hovers
        .flatMap(({ contents }) => contents)
        .map(markdown)
        .join('\n');
      must(shown.includes(text), `not in the hover: ${text}: ${shown}`);
    }
  });
  await check('definitions lead into the imported file', async () => {
    const { from, line } = expected.blockDefinition;
    const targets = await ask<(vscode.Location | vscode.LocationLink)[]>(
      'vscode.executeDefinitionProvider',
      positionOf(from),
    );
    const [target] = targets.map((each) =>
      'targetUri' in each ? { uri: each.targetUri, range: each.targetSelectionRange ?? each.targetRange } : each,
    );
    must(target?.uri.path.endsWith(importedFile) === true, `target ${target?.uri.toString()}`);
    must(target?.range.start.line === line - 1, `line ${target?.range.start.line}`);
  });
  await check('the outline names what the file declares', async () => {
    const symbols = await ask<vscode.DocumentSymbol[]>('vscode.executeDocumentSymbolProvider');
    const names = symbols.map(({ name }) => name);
    for (const name of expected.outline) must(names.includes(name), `${name} is not among ${names.join(' ')}`);
  });
  await check('blocks fold', async () => {
    const ranges = await ask<vscode.FoldingRange[]>('vscode.executeFoldingRangeProvider');
    must(ranges.length >= 3, `${ranges.length} ranges`);
  });
  await check('a quick fix offers the right name', async () => {
    const { at, fix, line, fixedLine } = { ...expected.undefinedBlock, line: expected.undefinedBlock.at.line };
    const position = positionOf(at);
    const actions = await ask<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      new vscode.Range(position, position),
    );
    const action = actions.find(({ title }) => title.includes(fix));
    must(action?.edit !== undefined, actions.map(({ title }) => title).join(' | '));
    if (action?.edit !== undefined) await vscode.workspace.applyEdit(action.edit);
    must(document.lineAt(line - 1).text === fixedLine, document.getText());
  });
  await check('formatting puts lines where they belong', async () => {
    const edits = await ask<vscode.TextEdit[]>('vscode.executeFormatDocumentProvider', {
      tabSize: 4,
      insertSpaces: true,
    });
    const edit = new vscode.WorkspaceEdit();
    edit.set(uri, edits);
    await vscode.workspace.applyEdit(edit);
    const { text } = document.lineAt(expected.formatted.at.line - 1);
    must(text === expected.formatted.line, text);
  });
  await check('a change in the imported file changes the findings of its importer', async () => {
    const imported = vscode.Uri.joinPath(folder.uri, importedFile);
    const other = await vscode.workspace.openTextDocument(imported);
    const isPart = () =>
      vscode.workspace.textDocuments.some(
        (each) => each.uri.toString() === imported.toString() && each.languageId === 'maddy',
      );
    await until(isPart, 'the imported file gets the language');
    const name = other.getText().indexOf('local_mailboxes');
    const edit = new vscode.WorkspaceEdit();
    const start = other.positionAt(name);
    edit.replace(imported, new vscode.Range(start, start.translate(0, 'local_mailboxes'.length)), 'somewhere_else');
    must(await vscode.workspace.applyEdit(edit), 'the imported file cannot be changed');
    await until(
      () => findings(uri).some(({ message }) => message.includes('"local_mailboxes"')),
      'the finding about the lost name',
    );
  });
  await checkTour(check, folder.uri);
  await checkTasks(check, folder.uri);
  console.log(`MADDYC-SUITE ${JSON.stringify(results)}`);
  if (results.some(({ fault }) => fault !== null)) throw new Error('some checks failed');
}

const findings = (uri: vscode.Uri): vscode.Diagnostic[] => vscode.languages.getDiagnostics(uri);

const positionOf = ({ line, column }: SamplePosition): vscode.Position => new vscode.Position(line - 1, column - 1);

const nameOf = (label: string | vscode.CompletionItemLabel): string =>
  typeof label === 'string' ? label : label.label;

function markdown(content: vscode.MarkdownString | vscode.MarkedString | undefined): string {
  return content === undefined ? '' : typeof content === 'string' ? content : content.value;
}
