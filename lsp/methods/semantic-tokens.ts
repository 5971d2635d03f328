import { type SemanticTokens, SemanticTokensBuilder } from 'vscode-languageserver';
import {
  type SemanticToken,
  tokenModifiers,
  semanticTokens as tokensOf,
  tokenTypes,
} from '../../compiler/editor/semantic-tokens.ts';
import type { SourceFile } from '../../compiler/source/source-file.ts';
import type { Range } from '../../grammar/range.ts';
import type { Method } from '../method.ts';
import type { SourcePositions } from '../text/source-positions.ts';
import { contextOf } from '../workspace/document-place.ts';
import { normalUri } from '../workspace/locations.ts';

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
    const builders = new Map<string, SemanticTokensBuilder>();
    const build = (builder: SemanticTokensBuilder, file: SourceFile, tokens: readonly SemanticToken[]): void => {
      const rangeOf = positions.ascending(file);
      for (const token of tokens) push(builder, rangeOf, file, token);
    };
    const fill = (uri: string, builder: SemanticTokensBuilder): boolean => {
      const context = contextOf(session, { uri });
      if (context === null) return false;
      build(builder, context.document.file, tokensOf(context.project, context.document));
      return true;
    };
    const builderOf = (uri: string): SemanticTokensBuilder => {
      for (const known of builders.keys())
        if (session.workspace.open.stateOf(known) === undefined) builders.delete(known);
      const key = normalUri(uri);
      const builder = builders.get(key) ?? new SemanticTokensBuilder();
      builders.set(key, builder);
      return builder;
    };

    connection.languages.semanticTokens.on(({ textDocument: { uri } }) =>
      faults.answer('semanticTokens', nothing, () => {
        const builder = new SemanticTokensBuilder();
        builders.set(normalUri(uri), builder);
        return fill(uri, builder) ? builder.build() : nothing;
      }),
    );
    connection.languages.semanticTokens.onDelta(({ textDocument: { uri }, previousResultId }) =>
      faults.answer('semanticTokens', nothing, () => {
        const builder = builderOf(uri);
        builder.previousResult(previousResultId);
        return fill(uri, builder) ? builder.buildEdits() : nothing;
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
        const builder = new SemanticTokensBuilder();
        build(builder, file, tokensOf(context.project, context.document, within));
        return builder.build();
      }),
    );
  },
};

/** Few clients can show a token of several lines: such a one is several. */
function push(
  builder: SemanticTokensBuilder,
  rangeOf: ReturnType<SourcePositions['ascending']>,
  { text }: SourceFile,
  token: SemanticToken,
): void {
  const type = tokenTypes.indexOf(token.type);
  const modifiers = token.modifier === null ? 0 : 1 << tokenModifiers.indexOf(token.modifier);
  const pushLine = (range: Range): void => {
    const { start, end } = rangeOf(range);
    builder.push(start.line, start.character, end.character - start.character, type, modifiers);
  };
  // Nearly all of them: nothing of the text needs to be cut out.
  if (isOneWord(text, token)) {
    pushLine(token);
    return;
  }
  let at = token.start;
  for (const line of text.slice(token.start, token.end).split(/(\r\n|\n|\r)/)) {
    const end = at + line.length;
    if (line.trim() !== '') pushLine({ start: at, end });
    at = end;
  }
}

/** Of characters that are no white space and no control characters, as far as ASCII goes. */
function isOneWord(text: string, { start, end }: Range): boolean {
  for (let at = start; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code <= SPACE || code >= 0x7f) return false;
  }
  return end > start;
}

const SPACE = 0x20;
