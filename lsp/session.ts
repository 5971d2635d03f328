import type { Connection, GenericRequestHandler } from 'vscode-languageserver';
import type { DnsJudge } from '../compiler/mailtest/run-test.ts';
import type { Client } from './client.ts';
import type { SourcePositions } from './text/source-positions.ts';
import type { Changes } from './workspace/changes.ts';
import type { ClientSettings } from './workspace/client-settings.ts';
import type { DiagnosticReports } from './workspace/diagnostic-reports.ts';
import type { FolderSymbols } from './workspace/folder-symbols.ts';
import type { Workspace } from './workspace/workspace.ts';
import type { WorkspaceScan } from './workspace/workspace-scan.ts';

/** What the protocol's methods share while a client is connected. */
export interface Session {
  readonly connection: Connection;
  readonly client: Client;
  readonly workspace: Workspace;
  readonly positions: SourcePositions;
  readonly reports: DiagnosticReports;
  readonly faults: Faults;
  /** What is known of files that nobody has open. */
  readonly scan: WorkspaceScan;
  readonly folderSymbols: FolderSymbols;
  readonly changes: Changes;
  /** What the user has set, now. */
  readonly settings: () => ClientSettings;
  /** Requests of ours by their methods. */
  readonly answers: Map<string, GenericRequestHandler<unknown, unknown>>;
  /** For mail tests that give DNS records. */
  readonly judgeByDns: DnsJudge | null;
  /** Of maddyc. */
  readonly version: string;
}

/** A fault of ours in one feature is one line in the log; the server goes on. */
export class Faults {
  readonly #report: (text: string) => void;
  /** What was said already: a fault at each key press would fill the log. */
  readonly #said = new Set<string>();

  constructor(report: (text: string) => void) {
    this.#report = report;
  }

  /** The result, or the fallback when the feature fails. */
  async answer<Result, Fallback>(
    feature: string,
    fallback: Fallback,
    run: () => Result | Promise<Result>,
  ): Promise<Result | Fallback> {
    try {
      return await run();
    } catch (error) {
      this.log(feature, error);
      return fallback;
    }
  }

  log(feature: string, error: unknown): void {
    const fault = error instanceof Error ? error : new Error(String(error));
    const where = (fault.stack ?? '')
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
      .slice(0, 4);
    const what = `fault of maddyc in ${feature}: ${fault.message}`;
    const identity = `${what} ${where[0] ?? ''}`;
    if (this.#said.has(identity)) return;
    if (this.#said.size < 100) this.#said.add(identity);
    this.#report([what, ...where].join('\n'));
  }
}
