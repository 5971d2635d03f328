import type { Range as LspRange, TextEdit } from 'vscode-languageserver';
import type { EditorDocument } from '../../compiler/editor/editor-document.ts';
import { format, formatTree } from '../../grammar/index.ts';
import type { Method } from '../method.ts';
import type { Session } from '../session.ts';
import { joinNeighbours, type LineEdit, lineEdits } from '../text/line-edits.ts';
import { contextOf } from '../workspace/document-place.ts';

/** Of a document, of lines of it, and of the line that was just ended. */
export const formatting: Method = {
  capabilities: () => ({
    documentFormattingProvider: true,
    documentRangeFormattingProvider: true,
    documentOnTypeFormattingProvider: { firstTriggerCharacter: '}', moreTriggerCharacter: ['\n'] },
  }),

  register(session) {
    const { connection, faults, positions } = session;
    connection.onDocumentFormatting(({ textDocument }) =>
      faults.answer('formatting', null, () => {
        const context = contextOf(session, textDocument);
        return context && translate(session, context.document, joinNeighbours(editsOf(context.document)));
      }),
    );
    connection.onDocumentRangeFormatting(({ textDocument, range }) =>
      faults.answer('rangeFormatting', null, () => {
        const context = contextOf(session, textDocument);
        return context && translate(session, context.document, within(session, context.document, range));
      }),
    );
    connection.onDocumentOnTypeFormatting(({ textDocument, position, ch }) =>
      faults.answer('onTypeFormatting', null, () => {
        const context = contextOf(session, textDocument);
        if (context === null) return null;
        // After a line break the line before is finished; in the new one the editor has put its blanks for the cursor.
        const line = ch === '\n' ? position.line - 1 : position.line;
        if (line < 0) return [];
        const { file } = context.document;
        const start = positions.offsetAt(file, { line, character: 0 });
        const end = ch === '\n' ? positions.offsetAt(file, { line: position.line, character: 0 }) : file.text.length;
        if (ch !== '\n' && !/^\s*\}/.test(file.text.slice(start, end))) return [];
        const lineRange = { start: { line, character: 0 }, end: { line, character: Number.MAX_SAFE_INTEGER } };
        return translate(session, context.document, within(session, context.document, lineRange));
      }),
    );
  },
};

function editsOf({ file, dialect, tree }: EditorDocument): readonly LineEdit[] {
  const known = tree();
  // While a quote is typed, the tree is that of a text that has it closed.
  return lineEdits(file.text, known.text === file.text ? formatTree(known, dialect) : format(file.text, dialect));
}

/** The edits of whole lines that lie in the range; a line that would be split or joined stays as it is. */
function within({ positions }: Session, document: EditorDocument, range: LspRange): readonly LineEdit[] {
  const { file } = document;
  const start = positions.offsetAt(file, { line: range.start.line, character: 0 });
  const isAtStart = range.end.character === 0 && range.end.line > range.start.line;
  const lastLine = isAtStart ? range.end.line - 1 : range.end.line;
  const end = positions.offsetAt(file, { line: lastLine + 1, character: 0 });
  return editsOf(document).filter(
    (edit) => edit.range.start >= start && edit.range.end <= end && edit.range.start < end,
  );
}

function translate({ positions }: Session, { file }: EditorDocument, edits: readonly LineEdit[]): TextEdit[] {
  return edits.map(({ range, text }) => ({ range: positions.rangeOf(file, range), newText: text }));
}
