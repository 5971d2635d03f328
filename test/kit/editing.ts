import {
  type ClientCapabilities,
  type CompletionItem,
  CompletionRequest,
  type Position,
  type TextEdit,
} from 'vscode-languageserver-protocol/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { connectServer, fullCapabilities, type LspClient } from './lsp.ts';
import { readMarkers } from './marker.ts';

export const folder = 'file:///etc/maddy';
export const mainUri = `${folder}/maddy.conf`;

/** A document in an editor, as a test sees it. */
export interface Editing {
  readonly client: LspClient;
  readonly uri: string;
  readonly text: string;
  /** Of the markers `<|>`. */
  readonly cursors: readonly Position[];
  readonly document: { readonly textDocument: { readonly uri: string } };
  /** The document and its first cursor. */
  at(cursor?: number): { readonly textDocument: { readonly uri: string }; readonly position: Position };
  /** The text after edits of it. */
  edited(edits: readonly TextEdit[]): string;
}

export interface Surrounding {
  /** Files beside it, by name. */
  readonly files?: Readonly<Record<string, string>>;
  readonly capabilities?: ClientCapabilities;
  readonly name?: string;
  readonly initializationOptions?: object;
}

/** As `fullCapabilities`, and asks for the edits of code actions when they are wanted. */
export const resolvingCapabilities: ClientCapabilities = {
  ...fullCapabilities,
  textDocument: {
    ...fullCapabilities.textDocument,
    codeAction: {
      ...fullCapabilities.textDocument?.codeAction,
      dataSupport: true,
      resolveSupport: { properties: ['edit'] },
    },
  },
};

/** Opens a text with cursor markers in a new editor, and waits until everything it needs is read. */
export async function edit(
  marked: string,
  { files = {}, capabilities = fullCapabilities, name = 'maddy.conf', initializationOptions }: Surrounding = {},
): Promise<Editing> {
  const { text, cursors } = readMarkers(marked);
  const uri = `${folder}/${name}`;
  const client = connectServer(new Map(Object.entries(files).map(([file, content]) => [`${folder}/${file}`, content])));
  await client.initialize(capabilities, folder, initializationOptions);
  await client.open(uri, text);
  await client.findings(uri, 1);
  const document = TextDocument.create(uri, 'maddy', 1, text);
  const positions = cursors.map((offset) => document.positionAt(offset));
  return {
    client,
    uri,
    text,
    cursors: positions,
    document: { textDocument: { uri } },
    at(cursor = 0) {
      const position = positions[cursor];
      if (position === undefined) throw new Error(`there is no cursor ${cursor}`);
      return { textDocument: { uri }, position };
    },
    edited: (edits) => TextDocument.applyEdits(document, [...edits]),
  };
}

/** Suggestions at the first cursor, in the order in which an editor shows them. */
export async function suggestionsIn(marked: string, surrounding?: Surrounding): Promise<readonly CompletionItem[]> {
  const editing = await edit(marked, surrounding);
  return suggestionsOf(editing);
}

async function suggestionsOf(editing: Editing): Promise<readonly CompletionItem[]> {
  const answer = await editing.client.connection.sendRequest(CompletionRequest.type, editing.at());
  const items = Array.isArray(answer) ? answer : (answer?.items ?? []);
  return items.toSorted((a, b) => ((a.sortText ?? a.label) < (b.sortText ?? b.label) ? -1 : 1));
}

export async function labelsIn(marked: string, surrounding?: Surrounding): Promise<readonly string[]> {
  return (await suggestionsIn(marked, surrounding)).map(({ label }) => label);
}

/** The text after the suggestion of this label was taken. */
export async function accept(marked: string, label: string, surrounding?: Surrounding): Promise<string> {
  const editing = await edit(marked, surrounding);
  const item = (await suggestionsOf(editing)).find((each) => each.label === label);
  if (item?.textEdit === undefined) throw new Error(`${label} is not suggested`);
  const { newText } = item.textEdit;
  const range = 'range' in item.textEdit ? item.textEdit.range : item.textEdit.insert;
  return editing.edited([{ range, newText }]);
}
