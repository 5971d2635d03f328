import type { InitializeParams } from 'vscode-languageserver';
import type { FileState } from '../compiler/host.ts';
import type { DnsJudge } from '../compiler/mailtest/run-test.ts';

/** What the server needs of the process or worker it runs in. */
export interface Surroundings {
  /** Reads files that no editor has open. Never rejects: what cannot be read is a state too. */
  readFile(uri: string): Promise<FileState>;
  /**
   * Files below a folder whose names end in one of these, in no order, at most `limit`; hidden folders and `node_modules` are
   * not looked at. Never rejects: a folder that cannot be read has none.
   */
  findFiles(folder: string, endings: readonly string[], limit: number): Promise<readonly string[]>;
  /** Runs something later; there is no timer that both Node and a worker declare alike. */
  later(run: () => void, milliseconds: number): void;
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  /** The mail server's own checks, for mail tests that give DNS records; null where they cannot run, as in a browser. */
  readonly judgeByDns: DnsJudge | null;
  /**
   * Opens a document for nobody, as this client would, so that the first one finds compiled code; goes on with each step only while
   * `isIdle`. Null: nobody waits for it.
   */
  readonly rehearse: ((params: InitializeParams, isIdle: () => boolean) => void) | null;
  /** A text is open in which what is done often is done very often: speed is worth memory from now on. */
  expectLargeTexts(): void;
  readonly version: string;
}
