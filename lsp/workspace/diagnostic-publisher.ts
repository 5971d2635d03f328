import type { Session } from '../session.ts';
import type { Surroundings } from '../surroundings.ts';

/** Keeps the editor's findings up to date: sends them, or tells a client that asks for them itself to ask again. */
export class DiagnosticPublisher {
  readonly #session: Session;
  readonly #surroundings: Surroundings;
  /** After each round: other files may take part now. */
  readonly #finished: () => void;
  /** What was sent last, by normal URI; the client's own spelling of the URI with it. */
  readonly #sent = new Map<string, { readonly identity: string; readonly uri: string }>();
  #isDue = false;
  #isRunning = false;
  /** How long the last round took: typing in a large file must not wait for one round after each key. */
  #lastRound = 0;

  constructor(session: Session, surroundings: Surroundings, finished: () => void) {
    this.#session = session;
    this.#surroundings = surroundings;
    this.#finished = finished;
  }

  /** Something changed that the client has told us itself. */
  schedule(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    const pause = this.#lastRound < 10 ? 0 : Math.min(100, this.#lastRound);
    this.#surroundings.later(() => void this.#run(), pause);
  }

  /** Something changed that a client which pulls cannot know. */
  refresh(): void {
    this.schedule();
    const { client, connection } = this.#session;
    if (client.pullsDiagnostics && client.refreshesDiagnostics) connection.languages.diagnostics.refresh();
  }

  async #run(): Promise<void> {
    if (this.#isRunning) {
      this.#surroundings.later(() => void this.#run(), 5);
      return;
    }
    this.#isDue = false;
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
    this.#finished();
    if (client.pullsDiagnostics) return;
    for (const uri of uris) await this.#publish(uri);
    for (const [uri, sent] of this.#sent) {
      if (uris.has(uri)) continue;
      this.#sent.delete(uri);
      await connection.sendDiagnostics({ uri: sent.uri, diagnostics: [] });
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
