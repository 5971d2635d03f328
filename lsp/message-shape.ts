/** What the protocol wants of the parameters of a message, as far as a feature would stumble over its lack. */

type Check = (value: unknown) => boolean;

/** Null when the parameters have what the method needs; else the name of what is missing or wrong. */
export function faultInParams(method: string, params: unknown): string | null {
  const wanted = Object.hasOwn(shapes, method) ? shapes[method] : undefined;
  if (wanted === undefined) return null;
  if (!isObject(params)) return 'params';
  const fault = Object.entries(wanted).find(([name, check]) => !check(params[name]));
  return fault?.[0] ?? null;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText: Check = (value) => typeof value === 'string';
const isInteger: Check = (value) => Number.isSafeInteger(value);
const isCount: Check = (value) => typeof value === 'number' && value >= 0 && Number.isInteger(value);
const shaped =
  (shape: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isObject(value) && Object.entries(shape).every(([name, check]) => check(value[name]));
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

const position = shaped({ line: isCount, character: isCount });
const range = shaped({ start: position, end: position });
const document = { textDocument: shaped({ uri: isText }) };
const at = { ...document, position };
const over = { ...document, range };
const folders = listOf(shaped({ uri: isText }));
const call = { item: shaped({ uri: isText, name: isText, range }) };

const shapes: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  initialize: {
    capabilities: shaped({}),
    workspaceFolders: (value) => value === undefined || value === null || folders(value),
  },
  'textDocument/didOpen': { textDocument: shaped({ uri: isText, version: isInteger, text: isText }) },
  'textDocument/didChange': {
    textDocument: shaped({ uri: isText, version: isInteger }),
    contentChanges: listOf(shaped({ text: isText, range: optional(range) })),
  },
  'textDocument/didClose': document,
  'textDocument/didSave': document,
  'workspace/didChangeWatchedFiles': { changes: listOf(shaped({ uri: isText })) },
  'workspace/didChangeWorkspaceFolders': {
    event: shaped({ added: folders, removed: folders }),
  },
  'workspace/willRenameFiles': { files: listOf(shaped({ oldUri: isText, newUri: isText })) },
  'workspace/symbol': { query: isText },
  'workspace/executeCommand': { command: isText },
  'workspace/diagnostic': { previousResultIds: listOf(shaped({ uri: isText, value: isText })) },
  'textDocument/completion': at,
  'textDocument/hover': at,
  'textDocument/signatureHelp': at,
  'textDocument/definition': at,
  'textDocument/references': { ...at, context: shaped({}) },
  'textDocument/documentHighlight': at,
  'textDocument/prepareRename': at,
  'textDocument/rename': { ...at, newName: isText },
  'textDocument/prepareCallHierarchy': at,
  'callHierarchy/incomingCalls': call,
  'callHierarchy/outgoingCalls': call,
  'textDocument/onTypeFormatting': { ...at, ch: isText },
  'textDocument/documentSymbol': document,
  'textDocument/documentLink': document,
  'textDocument/foldingRange': document,
  'textDocument/codeLens': document,
  'textDocument/formatting': document,
  'textDocument/diagnostic': document,
  'textDocument/semanticTokens/full': document,
  'textDocument/semanticTokens/full/delta': { ...document, previousResultId: isText },
  'textDocument/semanticTokens/range': over,
  'textDocument/inlayHint': over,
  'textDocument/rangeFormatting': over,
  'textDocument/codeAction': { ...over, context: shaped({ only: optional(listOf(isText)) }) },
  'textDocument/selectionRange': { ...document, positions: listOf(position) },
};
