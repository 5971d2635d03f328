import {
  Position,
  Range,
  Selection,
  type TextEditor,
  TextEditorRevealType,
  type Uri,
  ViewColumn,
  window,
  workspace,
} from 'vscode';
import type { Obstacle, Refusal } from '../../lsp/protocol.ts';

/** A range as the protocol writes it; VS Code counts the same. */
export function rangeOf({ start, end }: NonNullable<Obstacle['range']>): Range {
  return new Range(positionOf(start), positionOf(end));
}

export function positionOf({ line, character }: { readonly line: number; readonly character: number }): Position {
  return new Position(line, character);
}

/** Shows the file in an editor that is open already, else in the first column: never a second time beside itself. */
export async function showFile(uri: Uri, preserveFocus = false): Promise<TextEditor> {
  const shown = window.visibleTextEditors.find(
    ({ document, viewColumn }) => viewColumn !== undefined && document.uri.toString() === uri.toString(),
  );
  return window.showTextDocument(await workspace.openTextDocument(uri), {
    viewColumn: shown?.viewColumn ?? ViewColumn.One,
    preserveFocus,
  });
}

/** Shows the place in an editor that is open already, else in the first column; views beside it stay. */
export async function showPlace(uri: Uri, range: Range, preserveFocus = false): Promise<void> {
  const editor = await showFile(uri, preserveFocus);
  editor.selection = new Selection(range.start, range.start);
  editor.revealRange(range, TextEditorRevealType.InCenterIfOutsideViewport);
}

/** Says why there is no answer, and leads to the cause. */
export async function showRefusal({ message, errors }: Refusal, parse: (uri: string) => Uri): Promise<void> {
  const [cause] = errors.flatMap(({ uri, range }) => (uri === null || range === null ? [] : [{ uri, range }]));
  const show = 'Show the Error';
  const chosen = await window.showErrorMessage(message, ...(cause === undefined ? [] : [show]));
  if (chosen === show && cause !== undefined) await showPlace(parse(cause.uri), rangeOf(cause.range));
}
