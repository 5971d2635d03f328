import { type CodeAction, CodeActionKind, type Position, type Range, type TextEdit } from 'vscode-languageserver';
import type { Fix } from '../../compiler/diagnostics/diagnostic.ts';
import type { Method } from '../method.ts';
import type { Session } from '../session.ts';
import type { Analysis } from '../workspace/analysis-cache.ts';
import { normalUri } from '../workspace/locations.ts';

/** The fixes that findings bring along. */
export const codeAction: Method = {
  capabilities: (client) =>
    client.codeActionLiterals ? { codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix] } } : {},

  register(session) {
    const { connection, faults, reports } = session;
    connection.onCodeAction(({ textDocument, range, context }) =>
      faults.answer('codeAction', null, async () => {
        if (context.only?.some((kind) => CodeActionKind.QuickFix.startsWith(kind)) === false) return [];
        const actions: CodeAction[] = [];
        for (const { diagnostic, analysis } of await reports.findingsOf(normalUri(textDocument.uri))) {
          if (diagnostic.fixes.length === 0) continue;
          const translated = reports.translate(diagnostic, analysis);
          if (!touch(translated.range, range)) continue;
          for (const fix of diagnostic.fixes) {
            actions.push({
              title: fix.title,
              kind: CodeActionKind.QuickFix,
              isPreferred: fix.safe && diagnostic.fixes.length === 1,
              diagnostics: [translated],
              edit: { changes: editsOf(session, fix, analysis) },
            });
          }
        }
        return actions;
      }),
    );
  },
};

function editsOf({ positions, workspace }: Session, fix: Fix, analysis: Analysis): Record<string, TextEdit[]> {
  const changes: Record<string, TextEdit[]> = {};
  for (const { file, range, text } of fix.edits) {
    const uri = analysis.uriOf(file);
    const spelling = workspace.open.documentOf(uri)?.uri ?? uri;
    changes[spelling] ??= [];
    changes[spelling].push({ range: positions.rangeOf(file, range), newText: text });
  }
  return changes;
}

const isBefore = (a: Position, b: Position): boolean =>
  a.line < b.line || (a.line === b.line && a.character < b.character);

const touch = (a: Range, b: Range): boolean => !isBefore(a.end, b.start) && !isBefore(b.end, a.start);
