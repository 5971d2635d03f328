import type { SemanticTokens, SemanticTokensDelta } from 'vscode-languageserver';
import type { EditorDocument } from '../../compiler/editor/editor-document.ts';
import { tokenModifiers, semanticTokens as tokensOf, tokenTypes } from '../../compiler/editor/semantic-tokens.ts';
import type { Range } from '../../grammar/range.ts';
import type { Method } from '../method.ts';
import { tokenData, tokenEdits } from '../text/token-data.ts';
import { contextOf, type DocumentContext } from '../workspace/document-place.ts';

interface Answer {
  readonly resultId: string;
  readonly data: number[];
}

export const semanticTokens: Method = {
  capabilities: () => ({
    semanticTokensProvider: {
      legend: { tokenTypes: [...tokenTypes], tokenModifiers: [...tokenModifiers] },
      full: { delta: true },
      range: true,
    },
  }),

  register(session) {
    const { connection, faults, positions } = session;
    const nothing: SemanticTokens = { data: [] };
    /** Of each document that is open: the last answer is what the next one is a change of. */
    const told = new Map<string, Answer>();
    /** What holds as long as the texts are the same. */
    const known = new WeakMap<EditorDocument, { readonly answer: Answer; readonly texts: readonly EditorDocument[] }>();
    let answers = 0;
    const answerFor = ({ document, project }: DocumentContext): Answer => {
      const last = known.get(document);
      if (last !== undefined && areSame(last.texts, project.documents)) return last.answer;
      answers += 1;
      const data = tokenData(document.file, tokensOf(project, document), positions);
      const answer = { resultId: String(answers), data };
      known.set(document, { answer, texts: project.documents });
      return answer;
    };
    const tell = (uri: string): { readonly now: Answer; readonly before: Answer | undefined } | null => {
      for (const each of told.keys()) if (session.workspace.open.stateOf(each) === undefined) told.delete(each);
      const context = contextOf(session, { uri });
      if (context === null) return null;
      const before = told.get(context.uri);
      const now = answerFor(context);
      told.set(context.uri, now);
      return { now, before };
    };

    connection.languages.semanticTokens.on(({ textDocument: { uri } }) =>
      faults.answer('semanticTokens', nothing, () => tell(uri)?.now ?? nothing),
    );
    connection.languages.semanticTokens.onDelta(({ textDocument: { uri }, previousResultId }) =>
      faults.answer('semanticTokens', nothing, (): SemanticTokens | SemanticTokensDelta => {
        const answer = tell(uri);
        if (answer === null) return nothing;
        const { now, before } = answer;
        if (before?.resultId !== previousResultId) return now;
        return { resultId: now.resultId, edits: tokenEdits(before.data, now.data) };
      }),
    );
    connection.languages.semanticTokens.onRange(({ textDocument, range }) =>
      faults.answer('semanticTokens', nothing, () => {
        const context = contextOf(session, textDocument);
        if (context === null) return nothing;
        const { file } = context.document;
        const within: Range = {
          start: positions.offsetAt(file, range.start),
          end: positions.offsetAt(file, range.end),
        };
        return { data: tokenData(file, tokensOf(context.project, context.document, within), positions) };
      }),
    );
  },
};

function areSame(some: readonly EditorDocument[], others: readonly EditorDocument[]): boolean {
  return some.length === others.length && some.every((each, index) => each === others[index]);
}
