import {
  type CompletionItem,
  CompletionItemKind,
  CompletionItemTag,
  type CompletionList,
  InsertTextFormat,
  InsertTextMode,
} from 'vscode-languageserver';
import { type Completion, complete } from '../../compiler/editor/complete.ts';
import type { EditorDocument } from '../../compiler/editor/editor-document.ts';
import { escapeSnippet, plainText } from '../../compiler/editor/snippet-text.ts';
import { ranks, type Suggestion } from '../../compiler/editor/suggestion.ts';
import { lineIndexAt } from '../../compiler/source/source-file.ts';
import { markup } from '../client.ts';
import type { Method } from '../method.ts';
import type { Session } from '../session.ts';
import { isSubsequence } from '../text/subsequence.ts';
import { normalUri } from '../workspace/locations.ts';

const kinds: Readonly<Record<Suggestion['kind'], CompletionItemKind>> = {
  setting: CompletionItemKind.Property,
  routing: CompletionItemKind.Keyword,
  module: CompletionItemKind.Class,
  block: CompletionItemKind.Reference,
  macro: CompletionItemKind.Constant,
  snippet: CompletionItemKind.Snippet,
  value: CompletionItemKind.EnumMember,
  name: CompletionItemKind.Text,
  file: CompletionItemKind.File,
};

export const completion: Method = {
  capabilities: (client) => ({
    completionProvider: { triggerCharacters: ['&', '$', '(', ' '], resolveProvider: client.resolvesDocumentation },
  }),

  register({ connection, ...session }) {
    // Documentation is asked for one suggestion at a time, and only of the list that is shown.
    let shown: { readonly number: number; readonly suggestions: readonly Suggestion[] } = {
      number: 0,
      suggestions: [],
    };
    connection.onCompletion(({ textDocument, position }) =>
      session.faults.answer('completion', null, async (): Promise<CompletionList | null> => {
        const uri = normalUri(textDocument.uri);
        const document = session.workspace.documentOf(uri);
        if (document === null) return null;
        const offset = session.positions.offsetAt(document.file, position);
        // All of one moment: while files are looked for, the texts may change.
        const project = session.workspace.projectOf(uri);
        const files = isImport(document, offset) ? await session.workspace.filesBeside(uri) : [];
        const all = complete(project, document, offset, files);
        const completed = shortened(all, document);
        const result = session.client.replacesWords ? fromWord(completed, document) : completed;
        shown = { number: shown.number + 1, suggestions: result.suggestions };
        const isIncomplete = completed !== all;
        return { ...translate(session, document, result, shown.number), isIncomplete };
      }),
    );
    connection.onCompletionResolve((item) =>
      session.faults.answer('completion', item, () => {
        const index = indexOf(item.data, shown.number);
        const suggestion = index === null ? undefined : shown.suggestions[index];
        return suggestion === undefined ? item : { ...item, ...documented(session, suggestion) };
      }),
    );
  },
};

/** Files are looked for only where one may be named. */
function isImport({ file }: EditorDocument, offset: number): boolean {
  const start = file.lineStarts[lineIndexAt(file, offset)] ?? 0;
  return /^\s*import\s/.test(file.text.slice(start, offset));
}

/** Nobody reads more of them, and each costs the editor time. */
const mostSuggestions = 500;

/** Of a very long list only what fits the begun word; the editor asks again when that changes. */
function shortened(completion: Completion, { file }: EditorDocument): Completion {
  const { suggestions, insert } = completion;
  if (suggestions.length <= mostSuggestions) return completion;
  const typed = file.text.slice(insert.start, insert.end);
  const fitting = suggestions.filter(({ label }) => isSubsequence(typed, label));
  return { ...completion, suggestions: fitting.slice(0, mostSuggestions) };
}

type Parts = Omit<Session, 'connection'>;

function translate(session: Parts, document: EditorDocument, result: Completion, list: number): CompletionList {
  const { client } = session;
  const insert = session.positions.rangeOf(document.file, result.insert);
  const replace = session.positions.rangeOf(document.file, result.replace);
  const indent = client.indentsInsertedLines ? '' : indentationAt(document, result.insert.start);
  const mode = client.indentsInsertedLines ? { insertTextMode: InsertTextMode.adjustIndentation } : {};
  const sharesRange = client.itemDefaults.has('editRange');
  const sharesMode = client.itemDefaults.has('insertTextMode');
  const itemDefaults = {
    ...(sharesRange ? { editRange: client.insertAndReplace ? { insert, replace } : insert } : {}),
    ...(sharesMode ? mode : {}),
  };
  const items = result.suggestions.map((suggestion, index): CompletionItem => {
    const isSnippet = client.snippets && hasPlaces(suggestion);
    const text = inserted(suggestion, isSnippet, indent);
    const newText = client.insertsLines ? text : (text.split('\n', 1)[0] ?? '');
    const { label, detail } = suggestion;
    return {
      label,
      kind: kinds[suggestion.kind],
      sortText: `${ranks.indexOf(suggestion.rank)}${String(index).padStart(4, '0')}`,
      ...(sharesRange
        ? { textEditText: newText }
        : { textEdit: client.insertAndReplace ? { newText, insert, replace } : { newText, range: insert } }),
      insertTextFormat: isSnippet ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
      ...(sharesMode ? {} : mode),
      ...(detail === null ? {} : client.labelDetails ? { labelDetails: { description: detail } } : { detail }),
      ...(suggestion.isDeprecated && client.deprecatedTag ? { tags: [CompletionItemTag.Deprecated] } : {}),
      ...(client.resolvesDocumentation ? { data: { list, index } } : documented(session, suggestion)),
    };
  });
  return { isIncomplete: false, ...(Object.keys(itemDefaults).length === 0 ? {} : { itemDefaults }), items };
}

/** What is left to write of the suggestions after the signs that stand before the word at the cursor, as `&` and `$(` do. */
function fromWord({ suggestions, insert, replace }: Completion, { file }: EditorDocument): Completion {
  const typed = file.text.slice(insert.start, insert.end);
  const signs = typed.replace(/[\p{L}\p{N}_]*$/u, '');
  const written = escapeSnippet(signs);
  return {
    suggestions: suggestions
      .filter((suggestion) => suggestion.insert.startsWith(written))
      .map((suggestion) => ({ ...suggestion, insert: suggestion.insert.slice(written.length) })),
    insert: { start: insert.start + signs.length, end: insert.end },
    replace: { start: replace.start + signs.length, end: replace.end },
  };
}

/** Without places to fill in it is a plain text, which no editor can misread. */
function hasPlaces({ insert }: Suggestion): boolean {
  return escapeSnippet(plainText(insert)) !== insert;
}

/** Editors turn the tabs of a snippet into the user's own indentation; without snippets a level is four blanks. */
function inserted({ insert }: Suggestion, isSnippet: boolean, indent: string): string {
  const text = isSnippet
    ? insert.replace(/^(?: {4})+/gm, (blanks) => '\t'.repeat(blanks.length / 4))
    : plainText(insert);
  return text.replaceAll('\n', `\n${indent}`);
}

function indentationAt({ file }: EditorDocument, offset: number): string {
  const start = file.lineStarts[lineIndexAt(file, offset)] ?? 0;
  return /^[\t ]*/.exec(file.text.slice(start, offset))?.[0] ?? '';
}

function documented({ client }: Parts, suggestion: Suggestion): Pick<CompletionItem, 'documentation'> {
  const text = suggestion.documentation();
  return text === null ? {} : { documentation: markup(client.completionFormat, text) };
}

/** Place in the list, when the item is of the list that is shown. */
function indexOf(data: unknown, list: number): number | null {
  if (typeof data !== 'object' || data === null || !('list' in data) || !('index' in data)) return null;
  return data.list === list && typeof data.index === 'number' ? data.index : null;
}
