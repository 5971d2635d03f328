import { type CodeAction, CodeActionKind, type Position, type Range, type TextEdit } from 'vscode-languageserver';
import type { Fix } from '../../compiler/diagnostics/diagnostic.ts';
import { selectFixes } from '../../compiler/fix/select.ts';
import type { Method } from '../method.ts';
import type { Session } from '../session.ts';
import type { Analysis } from '../workspace/analysis-cache.ts';
import type { FileFinding } from '../workspace/diagnostic-reports.ts';
import { normalUri } from '../workspace/locations.ts';

/** The fixes that findings bring along, one by one, and all safe ones at once. */
export const codeAction: Method = {
  capabilities: (client) =>
    client.codeActionLiterals
      ? { codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.SourceFixAll] } }
      : {},

  register(session) {
    const { connection, faults, reports } = session;
    connection.onCodeAction(({ textDocument, range, context }) =>
      faults.answer('codeAction', null, async () => {
        const wants = (kind: string): boolean => context.only?.some((each) => kind.startsWith(each)) ?? true;
        const findings = await reports.findingsOf(normalUri(textDocument.uri));
        // Editors ask for it when they save; in the list for a place it would only be in the way.
        const actions: CodeAction[] =
          context.only !== undefined && wants(CodeActionKind.SourceFixAll) ? fixAllOf(session, findings) : [];
        for (const { diagnostic, analysis } of wants(CodeActionKind.QuickFix) ? findings : []) {
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

/** Of one main file: what several of them say about a text need not go together. */
function fixAllOf(session: Session, findings: readonly FileFinding[]): CodeAction[] {
  const analysis = findings[0]?.analysis;
  if (analysis === undefined) return [];
  const own = findings.filter((each) => each.analysis === analysis).map(({ diagnostic }) => diagnostic);
  const edits = selectFixes(own, 'safe').flatMap((fix) => fix.edits);
  if (edits.length === 0) return [];
  const title = 'fix everything that is certain';
  return [{ title, kind: CodeActionKind.SourceFixAll, edit: { changes: editsOf(session, { edits }, analysis) } }];
}

function editsOf(
  { positions, workspace }: Session,
  fix: Pick<Fix, 'edits'>,
  analysis: Analysis,
): Record<string, TextEdit[]> {
  const changes: Record<string, TextEdit[]> = {};
  for (const { file, range, text } of fix.edits) {
    const spelling = workspace.spelled(analysis.uriOf(file));
    changes[spelling] ??= [];
    changes[spelling].push({ range: positions.rangeOf(file, range), newText: text });
  }
  return changes;
}

const isBefore = (a: Position, b: Position): boolean =>
  a.line < b.line || (a.line === b.line && a.character < b.character);

const touch = (a: Range, b: Range): boolean => !isBefore(a.end, b.start) && !isBefore(b.end, a.start);
