/** What is known about a path. `absent` is knowledge too: import falls back to `PATH.conf` only then. */
export type FileState =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'absent' }
  | { readonly kind: 'directory' }
  /** `reason` in the words of the operating system: `permission denied`, `not a directory`. */
  | { readonly kind: 'unreadable'; readonly reason: string };

/**
 * All that the stages may ask of the outside: a snapshot, so that they stay synchronous and pure.
 * A path that the snapshot does not hold answers `undefined`; the stage notes it as missing and goes on,
 * and the driver (Node, browser worker) loads it and calls again.
 */
export interface Host {
  read(path: string): FileState | undefined;
  /** Variables that `{env:NAME}` may use. */
  readonly env: ReadonlyMap<string, string>;
}
