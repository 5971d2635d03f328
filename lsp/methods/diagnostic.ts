import {
  DocumentDiagnosticReportKind,
  type RelatedFullDocumentDiagnosticReport,
  type RelatedUnchangedDocumentDiagnosticReport,
} from 'vscode-languageserver';
import type { Method } from '../method.ts';
import { normalUri } from '../workspace/locations.ts';

/** For clients that ask for findings; the others get them from the publisher. */
export const diagnostic: Method = {
  capabilities: (client) =>
    client.pullsDiagnostics
      ? { diagnosticProvider: { identifier: 'maddyc', interFileDependencies: true, workspaceDiagnostics: false } }
      : {},

  register({ connection, client, reports, faults }) {
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
  },
};
