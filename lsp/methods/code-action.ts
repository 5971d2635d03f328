import {
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  type Diagnostic as LspDiagnostic,
  type Position,
  type Range,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import type { Diagnostic, Fix } from '../../compiler/diagnostics/diagnostic.ts';
import { flowItemsAt } from '../../compiler/editor/flow.ts';
import { type Refactoring, refactorings } from '../../compiler/editor/refactor.ts';
import { type Repair, repairsFor } from '../../compiler/editor/repairs.ts';
import { type IgnoreFix, IgnoreFixes } from '../../compiler/fix/ignore.ts';
import { selectFixes } from '../../compiler/fix/select.ts';
import type { Method } from '../method.ts';
import { clientCommands } from '../protocol.ts';
import { migrate } from '../requests/migrate.ts';
import type { Session } from '../session.ts';
import type { Analysis } from '../workspace/analysis-cache.ts';
import type { FileFinding } from '../workspace/diagnostic-reports.ts';
import { contextOf, type DocumentContext } from '../workspace/document-place.ts';
import { normalUri } from '../workspace/locations.ts';

const { QuickFix, SourceFixAll, RefactorExtract, RefactorInline, RefactorRewrite } = CodeActionKind;

/** `source.fixAll.maddy`: a client may run ours when it saves, and nobody else's. */
const fixAllKind = `${SourceFixAll}.maddy`;

/** The fixes that findings bring along, one by one, and all safe ones at once; and changes that leave the meaning. */
export const codeAction: Method = {
  capabilities: (client) =>
    client.codeActionLiterals
      ? {
          codeActionProvider: {
            codeActionKinds: [QuickFix, fixAllKind, RefactorExtract, RefactorInline, RefactorRewrite],
            resolveProvider: client.resolvesEdits,
          },
        }
      : {},

  register(session) {
    const { connection, faults } = session;
    connection.onCodeAction((params) => faults.answer('codeAction', null, () => actionsFor(session, params)));
    connection.onCodeActionResolve((action) =>
      faults.answer('codeAction', action, async () => {
        const { data } = action;
        if (typeof data !== 'object' || data === null || !('uri' in data) || typeof data.uri !== 'string')
          return action;
        const answer = await migrate(session, { uri: data.uri });
        return answer.ok ? { ...action, edit: answer.edit } : action;
      }),
    );
  },
};

async function actionsFor(session: Session, params: CodeActionParams): Promise<CodeAction[]> {
  const { textDocument, range, context } = params;
  const wants = (kind: string): boolean =>
    context.only?.some((each) => kind === each || kind.startsWith(`${each}.`) || each === '') ?? true;
  const uri = normalUri(textDocument.uri);
  // Editors ask for it when they save; in the list for a place it would only be in the way.
  const wantsAll = context.only !== undefined && wants(fixAllKind);
  const findings = wantsAll || wants(QuickFix) ? await session.reports.findingsOf(uri) : [];
  const document = contextOf(session, textDocument);
  const single = document === null ? null : asksForOneFix(session, params, document);
  if (single !== null) return quickFixesOf(session, findings, single.range, document).filter(isOf(single)).slice(0, 1);
  return [
    ...(wantsAll ? fixAllOf(session, findings) : []),
    ...(wants(QuickFix) ? quickFixesOf(session, findings, range, document) : []),
    ...(document === null ? [] : refactorActions(session, document, range).filter(({ kind }) => wants(kind ?? ''))),
    ...(document !== null && wants(RefactorRewrite) ? await migration(session, document, range) : []),
  ];
}

/** Kate's Quick Fix asks for one finding with the range of the whole text, and applies everything that it gets. */
function asksForOneFix(
  { client, positions }: Session,
  { range, context }: CodeActionParams,
  { document: { file } }: DocumentContext,
): LspDiagnostic | null {
  const [finding = null, ...others] = context.diagnostics;
  if (client.marksPreferred || others.length > 0) return null;
  const whole = positions.rangeOf(file, { start: 0, end: file.text.length });
  return isSame(range, whole) ? finding : null;
}

function isOf(finding: LspDiagnostic): (action: CodeAction) => boolean {
  return ({ diagnostics = [] }) =>
    diagnostics.some(({ code, range }) => code === finding.code && isSame(range, finding.range));
}

function isSame(one: Range, other: Range): boolean {
  return (
    one.start.line === other.start.line &&
    one.start.character === other.start.character &&
    one.end.line === other.end.line &&
    one.end.character === other.end.character
  );
}

function quickFixesOf(
  session: Session,
  findings: readonly FileFinding[],
  range: Range,
  document: DocumentContext | null,
): CodeAction[] {
  const actions: CodeAction[] = [];
  const ignores: CodeAction[] = [];
  const ignoreFixes = new IgnoreFixes();
  for (const { diagnostic, analysis } of findings) {
    const marks = session.reports.marksOf(diagnostic, analysis).filter((mark) => touch(mark.range, range));
    if (marks.length === 0) continue;
    const actionOf = (fix: Fix): CodeAction => ({
      title: fix.title,
      kind: QuickFix,
      diagnostics: [...marks],
      edit: { changes: editsOf(session, fix, analysis) },
    });
    const repairs = document === null ? [] : repairsOf(document, diagnostic);
    const likelier = repairs.filter(({ comesFirst }) => comesFirst === true);
    const isOnly = diagnostic.fixes.length === 1 && likelier.length === 0;
    actions.push(
      ...likelier.map(actionOf),
      ...diagnostic.fixes.map((fix) => ({ ...actionOf(fix), isPreferred: fix.safe && isOnly })),
      ...repairs.filter((repair) => !likelier.includes(repair)).map(actionOf),
    );
    const ignore = isFatal(diagnostic, analysis) ? null : ignoreFixes.of(diagnostic);
    if (ignore !== null) ignores.push({ ...actionOf(ignore), edit: askingForReason(session, ignore, analysis) });
  }
  return [...actions, ...ignores];
}

/** Ways out that leave something to decide; of a finding about the text as it is. */
function repairsOf(
  { project, document }: DocumentContext,
  diagnostic: Diagnostic,
): readonly (Fix & Pick<Repair, 'comesFirst'>)[] {
  if (diagnostic.place?.file.text !== document.file.text) return [];
  return repairsFor(project, document, diagnostic).map(({ edits, ...repair }) => ({
    ...repair,
    safe: false,
    edits: edits.map(({ range, text, document: home = document }) => ({ range, text, file: home.file })),
  }));
}

/** The place for the reason is selected where the client can do that. */
function askingForReason(session: Session, fix: IgnoreFix, analysis: Analysis): WorkspaceEdit {
  const changes = editsOf(session, fix, analysis);
  if (!session.client.snippetEdits) return { changes };
  return {
    documentChanges: Object.entries(changes).map(([uri, edits]) => ({
      textDocument: { uri, version: null },
      edits: edits.map(({ range }) => ({ range, snippet: { kind: 'snippet', value: fix.snippet } })),
    })),
  };
}

/** What keeps a configuration from being loaded, or is about settings, no comment silences. */
function isFatal(diagnostic: Diagnostic, { compiled, sources }: Analysis): boolean {
  if (compiled === null) return true;
  const isInText = [...sources.values()].some((file) => file === diagnostic.place?.file);
  return !isInText || compiled.loadErrors.includes(diagnostic) || compiled.startErrors.includes(diagnostic);
}

/** Of one main file: what several of them say about a text need not go together. */
function fixAllOf(session: Session, findings: readonly FileFinding[]): CodeAction[] {
  const analysis = findings[0]?.analysis;
  if (analysis === undefined) return [];
  const own = findings.filter((each) => each.analysis === analysis).map(({ diagnostic }) => diagnostic);
  const edits = selectFixes(own, 'safe').flatMap((fix) => fix.edits);
  if (edits.length === 0) return [];
  const title = 'fix everything that is certain';
  return [{ title, kind: fixAllKind, edit: { changes: editsOf(session, { edits }, analysis) } }];
}

const refactorKinds: Readonly<Record<Refactoring['kind'], CodeActionKind>> = {
  extract: RefactorExtract,
  inline: RefactorInline,
};

function refactorActions(session: Session, { uri, project, document }: DocumentContext, range: Range): CodeAction[] {
  const { positions, workspace } = session;
  const { file } = document;
  const selection = { start: positions.offsetAt(file, range.start), end: positions.offsetAt(file, range.end) };
  return refactorings(project, document, selection).map(({ title, kind, edits }) => ({
    title,
    kind: refactorKinds[kind],
    edit: {
      changes: {
        [workspace.spelled(uri)]: edits.map((edit) => ({
          range: positions.rangeOf(file, edit.range),
          newText: edit.text,
        })),
      },
    },
  }));
}

/** Offered where mailboxes or the people who read them by IMAP are written. */
async function migration(session: Session, context: DocumentContext, { start }: Range): Promise<CodeAction[]> {
  const { client, positions, workspace } = session;
  const { document, project, uri } = context;
  const [item] = flowItemsAt(project, document, positions.offsetAt(document.file, start));
  const isAbout = item !== undefined && (item.name === 'imap' || item.detail === 'storage.imapsql');
  if (!isAbout) return [];
  const action = { title: 'move mailboxes and logins to Dovecot', kind: RefactorRewrite };
  if (client.commands.has(clientCommands.migrate)) {
    return [
      {
        ...action,
        command: { title: action.title, command: clientCommands.migrate, arguments: [workspace.spelled(uri)] },
      },
    ];
  }
  if (client.resolvesEdits) return [{ ...action, data: { uri } }];
  const answer = await migrate(session, { uri });
  return answer.ok ? [{ ...action, edit: answer.edit }] : [];
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
