import type { Diagnostic } from 'vscode-languageserver';
import type { Session } from '../session.ts';
import type { Surroundings } from '../surroundings.ts';

/**
 * Milliseconds. Findings follow each key at once while a round is quick; in a large file what editors send along with a key, as
 * the next key or a request for completion, is there within a pause and goes first, but not for ever.
 */
const quickRound = 50;
const longestPause = 3;
const longestWait = 1000;

/** Keeps the editor's findings up to date: sends them, or tells a client that asks for them itself to ask again. */
export class DiagnosticPublisher {
  readonly #session: Session;
  readonly #surroundings: Surroundings;
  /** After each round: other files may take part now. */
  readonly #finished: () => void;
  /** What was sent last, by normal URI; the client's own spelling of the URI with it. */
  readonly #sent = new Map<string, { readonly identity: string; readonly uri: string }>();
  #isScheduled = false;
  #isRunning = false;
  #dueAt = 0;
  #dueSince: number | null = null;
  #lastRound = 0;

  constructor(session: Session, surroundings: Surroundings, finished: () => void) {
    this.#session = session;
    this.#surroundings = surroundings;
    this.#finished = finished;
  }

  /** Something changed that the client has told us itself. */
  schedule(): void {
    const now = this.#surroundings.now();
    const pause = this.#lastRound < quickRound ? 0 : Math.min(longestPause, this.#lastRound);
    this.#dueSince ??= now;
    this.#dueAt = Math.min(now + pause, this.#dueSince + longestWait);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#surroundings.later(() => void this.#runWhenDue(), pause);
  }

  /** Something changed that a client which pulls cannot know. */
  refresh(): void {
    this.schedule();
    const { client, connection } = this.#session;
    if (client.pullsDiagnostics && client.refreshesDiagnostics) connection.languages.diagnostics.refresh();
  }

  async #runWhenDue(): Promise<void> {
    const left = this.#isRunning ? 5 : this.#dueAt - this.#surroundings.now();
    if (left > 0) return this.#surroundings.later(() => void this.#runWhenDue(), left);
    this.#isScheduled = false;
    this.#dueSince = null;
    this.#isRunning = true;
    const start = this.#surroundings.now();
    await this.#session.faults.answer('diagnostics', null, () => this.#round());
    this.#lastRound = this.#surroundings.now() - start;
    this.#isRunning = false;
  }

  async #round(): Promise<void> {
    const { client, connection, workspace } = this.#session;
    const uris = new Set(workspace.open.uris());
    for (const main of workspace.mains()) {
      if (!workspace.mainsOf(main).includes(main)) continue;
      const { sources } = await workspace.settled(main);
      for (const uri of sources.keys()) uris.add(uri);
    }
    const { reports, scan } = this.#session;
    const others = new Map(await reports.ofSettings());
    // A client that asks for the whole workspace is told there about the rest.
    if (!client.pullsWorkspace) for (const [uri, items] of scan.findings()) others.set(uri, items);
    if (client.pullsDiagnostics) {
      uris.clear();
      await this.#refreshOthers();
    }
    for (const uri of uris) await this.#publish(uri);
    for (const [uri, items] of others) {
      if (!uris.has(uri)) await this.#send(uri, items);
      uris.add(uri);
    }
    for (const [uri, sent] of this.#sent) {
      if (uris.has(uri)) continue;
      this.#sent.delete(uri);
      await connection.sendDiagnostics({ uri: sent.uri, diagnostics: [] });
    }
    // The user waits for findings, and nobody for what follows from them.
    this.#finished();
  }

  /** Findings of a file that is no open document; of one that nobody was ever told about, nothing is nothing new. */
  async #send(uri: string, items: readonly Diagnostic[]): Promise<void> {
    const identity = JSON.stringify(items);
    const sent = this.#sent.get(uri);
    if (sent?.identity === identity || (sent === undefined && items.length === 0)) return;
    this.#sent.set(uri, { identity, uri });
    await this.#session.connection.sendDiagnostics({ uri, diagnostics: [...items] });
  }

  /** A client that pulls asks again about the document that it changed; about others that this concerns it must be told. */
  async #refreshOthers(): Promise<void> {
    const { client, connection, reports, workspace } = this.#session;
    if (!client.refreshesDiagnostics) return;
    for (const uri of workspace.open.uris()) {
      if (await reports.isOutdated(uri)) return connection.languages.diagnostics.refresh();
    }
  }

  async #publish(uri: string): Promise<void> {
    const { connection, reports, workspace } = this.#session;
    const { id, items } = await reports.of(uri);
    const document = workspace.open.documentOf(uri);
    const identity = `${document?.version ?? ''} ${id}`;
    const sent = this.#sent.get(uri);
    if (sent?.identity === identity) return;
    const spelling = document?.uri ?? uri;
    this.#sent.set(uri, { identity, uri: spelling });
    const version = document === undefined ? {} : { version: document.version };
    await connection.sendDiagnostics({ uri: spelling, ...version, diagnostics: [...items] });
  }
}
