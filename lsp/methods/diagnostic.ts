import {
  type CancellationToken,
  type Diagnostic,
  DocumentDiagnosticReportKind,
  type RelatedFullDocumentDiagnosticReport,
  type RelatedUnchangedDocumentDiagnosticReport,
  type WorkspaceDiagnosticParams,
  type WorkspaceDiagnosticReport,
} from 'vscode-languageserver';
import type { Method } from '../method.ts';
import type { Session } from '../session.ts';
import { normalUri } from '../workspace/locations.ts';

/** For clients that ask for findings; the others get them from the publisher. */
export const diagnostic: Method = {
  capabilities: (client) =>
    client.pullsDiagnostics
      ? {
          diagnosticProvider: {
            identifier: 'maddyc',
            interFileDependencies: true,
            workspaceDiagnostics: client.pullsWorkspace,
          },
        }
      : {},

  register(session) {
    const { connection, client, reports, faults } = session;
    if (!client.pullsDiagnostics) return;
    type Answer = RelatedFullDocumentDiagnosticReport | RelatedUnchangedDocumentDiagnosticReport;
    const nothing: Answer = { kind: DocumentDiagnosticReportKind.Full, items: [] };
    connection.languages.diagnostics.on(({ textDocument, previousResultId }) =>
      faults.answer('diagnostic', nothing, async (): Promise<Answer> => {
        const uri = normalUri(textDocument.uri);
        const report = await reports.of(uri);
        const { id, items } = report;
        reports.notePulled(uri, report);
        if (id === previousResultId) return { kind: DocumentDiagnosticReportKind.Unchanged, resultId: id };
        return { kind: DocumentDiagnosticReportKind.Full, resultId: id, items: [...items] };
      }),
    );
    if (!client.pullsWorkspace) return;
    const ids = new ResultIds();
    connection.languages.diagnostics.onWorkspace((params, token) =>
      faults.answer('workspaceDiagnostic', { items: [] }, () => ofWorkspace(session, ids, params, token)),
    );
  },
};

/** Names for findings: the same as long as they are the same. */
class ResultIds {
  readonly #known = new Map<string, { readonly identity: string; readonly id: string }>();
  #last = 0;

  of(uri: string, items: readonly Diagnostic[]): string {
    const identity = JSON.stringify(items);
    const known = this.#known.get(uri);
    if (known?.identity === identity) return known.id;
    this.#last += 1;
    const id = `w${this.#last}`;
    this.#known.set(uri, { identity, id });
    return id;
  }
}

/** The answer waits until there is something new: editors ask again as soon as they have one. */
async function ofWorkspace(
  { changes, reports, scan, workspace }: Session,
  ids: ResultIds,
  { previousResultIds }: WorkspaceDiagnosticParams,
  token: CancellationToken,
): Promise<WorkspaceDiagnosticReport> {
  const previous = new Map(previousResultIds.map(({ uri, value }) => [normalUri(uri), value]));
  for (;;) {
    const found = new Map(scan.findings());
    for (const uri of workspace.knownUris()) found.set(uri, (await reports.of(uri)).items);
    // What is gone has no findings any more.
    for (const uri of previous.keys()) if (!found.has(uri)) found.set(uri, []);
    const items: WorkspaceDiagnosticReport['items'] = [];
    for (const [uri, diagnostics] of found) {
      const resultId = ids.of(uri, diagnostics);
      if (previous.get(uri) === resultId) continue;
      if (!previous.has(uri) && diagnostics.length === 0) continue;
      const version = workspace.open.documentOf(uri)?.version ?? null;
      const spelled = workspace.spelled(uri);
      items.push({ kind: DocumentDiagnosticReportKind.Full, uri: spelled, version, resultId, items: [...diagnostics] });
    }
    if (items.length > 0 || token.isCancellationRequested) return { items };
    await changes.next(token);
  }
}
