/** A VS Code that is being served on loopback. */
export interface VscodeInstance {
  /** Opens the sample folder with its file. */
  readonly url: string;
  readonly version: string;
  /** Process behind it, if there is one, for its memory. */
  readonly processId: number | null;
  stop(): Promise<void>;
}

export interface InstanceOptions {
  /** Folder of code-server's npm package. */
  readonly codeServer: string;
  /** Packaged extension to install; null when one under development is loaded. */
  readonly vsix: string | null;
  /** Unpacked extension that contains the test suite `suite.js`, run in VS Code's extension host. */
  readonly development: string | null;
  /** False: as a folder is opened that its user has not said to trust. */
  readonly isTrusted: boolean;
  /** Workspace folder, and the file to open in it. */
  readonly workspace: string;
  readonly file: string;
  readonly scratch: string;
  readonly output: string;
}
