import type { FileState } from '../compiler/host.ts';

/** What the server needs of the process or worker it runs in. */
export interface Surroundings {
  /** Reads files that no editor has open. Never rejects: what cannot be read is a state too. */
  readFile(uri: string): Promise<FileState>;
  /** Runs something later; there is no timer that both Node and a worker declare alike. */
  later(run: () => void, milliseconds: number): void;
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  readonly version: string;
}
