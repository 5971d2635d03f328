import {
  CompletionItemTag,
  type DiagnosticTag,
  type InitializeParams,
  InsertTextMode,
  type MarkupContent,
  MarkupKind,
} from 'vscode-languageserver';
import { normalUri } from './workspace/locations.ts';

/** What the client can do, as far as it changes what the server says. */
export interface Client {
  readonly snippets: boolean;
  readonly insertAndReplace: boolean;
  /** Puts suggestions in the place of the word at the cursor, whatever range they are given, as Kate does, which tells nothing of completion. */
  readonly replacesWords: boolean;
  /** A suggestion may have several lines. */
  readonly insertsLines: boolean;
  /** What suggestions have in common may be said once for the list. */
  readonly itemDefaults: ReadonlySet<string>;
  /** The client indents inserted lines to the line that they are put into. */
  readonly indentsInsertedLines: boolean;
  readonly labelDetails: boolean;
  readonly deprecatedTag: boolean;
  /** Documentation of suggestions can be asked for later. */
  readonly resolvesDocumentation: boolean;
  readonly completionFormat: MarkupKind;
  readonly hoverFormat: MarkupKind;
  readonly symbolTrees: boolean;
  readonly definitionLinks: boolean;
  readonly foldsLinesOnly: boolean;
  readonly codeActionLiterals: boolean;
  /** Knows which of several code actions is the one to take. */
  readonly marksPreferred: boolean;
  readonly preparesRename: boolean;
  readonly signatureFormat: MarkupKind;
  /** Parameters of a signature may be told by their offsets in it. */
  readonly signatureOffsets: boolean;
  /** Commands of ours that it runs itself (`clientCommands` in protocol.ts). */
  readonly commands: ReadonlySet<string>;
  /** An edit may have places to fill in. */
  readonly snippetEdits: boolean;
  /** The edit of a code action can be asked for later. */
  readonly resolvesEdits: boolean;
  readonly pullsDiagnostics: boolean;
  readonly refreshesDiagnostics: boolean;
  readonly refreshesSemanticTokens: boolean;
  readonly refreshesInlayHints: boolean;
  readonly refreshesCodeLenses: boolean;
  readonly relatedInformation: boolean;
  readonly codeDescriptions: boolean;
  readonly diagnosticTags: ReadonlySet<DiagnosticTag>;
  /** Tells when folders are opened or closed. */
  readonly changesFolders: boolean;
  readonly pullsWorkspace: boolean;
  readonly showsProgress: boolean;
  readonly hasConfiguration: boolean;
  readonly registersConfiguration: boolean;
  readonly watchesFiles: boolean;
  readonly relativePatterns: boolean;
  /** Folders that are open, as URIs without a `/` at the end. */
  readonly folders: readonly string[];
}

export function describeClient(params: InitializeParams): Client {
  const { capabilities } = params;
  const text = capabilities.textDocument;
  const item = text?.completion?.completionItem;
  const pull = text?.diagnostic;
  const publish = text?.publishDiagnostics;
  // 3.18 clients say it for both ways of diagnostics.
  const findings = pull?.relatedInformation === undefined ? publish : pull;
  // Old clients leave it out.
  const root: unknown = params.rootUri;
  const wordsOnly = completesWords(params.initializationOptions);
  const folders = params.workspaceFolders?.map(({ uri }) => uri) ?? (typeof root === 'string' ? [root] : []);
  return {
    snippets: item?.snippetSupport === true,
    replacesWords: text?.completion === undefined || wordsOnly,
    insertsLines: !wordsOnly,
    itemDefaults: new Set(text?.completion?.completionList?.itemDefaults ?? []),
    insertAndReplace: item?.insertReplaceSupport === true,
    indentsInsertedLines: item?.insertTextModeSupport?.valueSet.includes(InsertTextMode.adjustIndentation) === true,
    labelDetails: item?.labelDetailsSupport === true,
    deprecatedTag: item?.tagSupport?.valueSet.includes(CompletionItemTag.Deprecated) === true,
    resolvesDocumentation: item?.resolveSupport?.properties.includes('documentation') === true,
    completionFormat: preferred(item?.documentationFormat),
    hoverFormat: preferred(text?.hover?.contentFormat),
    symbolTrees: text?.documentSymbol?.hierarchicalDocumentSymbolSupport === true,
    definitionLinks: text?.definition?.linkSupport === true,
    foldsLinesOnly: text?.foldingRange?.lineFoldingOnly === true,
    marksPreferred: text?.codeAction?.isPreferredSupport === true,
    codeActionLiterals: text?.codeAction?.codeActionLiteralSupport !== undefined,
    signatureFormat: preferred(text?.signatureHelp?.signatureInformation?.documentationFormat),
    signatureOffsets: text?.signatureHelp?.signatureInformation?.parameterInformation?.labelOffsetSupport === true,
    commands: new Set(commandsIn(params.initializationOptions)),
    snippetEdits:
      capabilities.workspace?.workspaceEdit?.documentChanges === true &&
      capabilities.workspace.workspaceEdit.snippetEditSupport === true,
    preparesRename: text?.rename?.prepareSupport === true,
    resolvesEdits:
      text?.codeAction?.dataSupport === true && text.codeAction.resolveSupport?.properties.includes('edit') === true,
    pullsDiagnostics: pull !== undefined,
    refreshesDiagnostics: capabilities.workspace?.diagnostics?.refreshSupport === true,
    refreshesSemanticTokens: capabilities.workspace?.semanticTokens?.refreshSupport === true,
    refreshesInlayHints: capabilities.workspace?.inlayHint?.refreshSupport === true,
    refreshesCodeLenses: capabilities.workspace?.codeLens?.refreshSupport === true,
    relatedInformation: findings?.relatedInformation === true,
    codeDescriptions: findings?.codeDescriptionSupport === true,
    diagnosticTags: new Set(findings?.tagSupport?.valueSet ?? []),
    changesFolders: capabilities.workspace?.workspaceFolders === true,
    pullsWorkspace: pull !== undefined && capabilities.workspace?.diagnostics !== undefined,
    showsProgress: capabilities.window?.workDoneProgress === true,
    hasConfiguration: capabilities.workspace?.configuration === true,
    registersConfiguration: capabilities.workspace?.didChangeConfiguration?.dynamicRegistration === true,
    watchesFiles: capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    relativePatterns: capabilities.workspace?.didChangeWatchedFiles?.relativePatternSupport === true,
    folders: folders.map(folderUri),
  };
}

/** `{"completion": "words"}`: for editors that complete words alone, and do not say so by their capabilities, as ALE. */
function completesWords(options: unknown): boolean {
  return typeof options === 'object' && options !== null && 'completion' in options && options.completion === 'words';
}

/** The options are whatever a client sends. */
function commandsIn(options: unknown): readonly string[] {
  const list = typeof options === 'object' && options !== null && 'commands' in options ? options.commands : [];
  return Array.isArray(list) ? list.filter((each) => typeof each === 'string') : [];
}

/** Without a `/` at the end. */
export function folderUri(uri: string): string {
  return normalUri(uri).replace(/\/+$/, '');
}

/** A client that names no format takes plain text. */
function preferred(formats: readonly MarkupKind[] | undefined): MarkupKind {
  return formats?.includes(MarkupKind.Markdown) === true ? MarkupKind.Markdown : MarkupKind.PlainText;
}

/** Markdown as it is, or made readable where it would be shown letter by letter. */
export function markup(kind: MarkupKind, markdown: string): MarkupContent {
  if (kind === MarkupKind.Markdown) return { kind, value: markdown };
  const value = markdown
    .replace(/^```.*\n?/gm, '')
    .replace(/^---\n\n/gm, '')
    .replace(/\[([^\]]*)\]\(([^)]*)\)/g, '$1: $2')
    .replace(/[`*]{1,2}([^`*]+)[`*]{1,2}/g, '$1');
  return { kind, value };
}
