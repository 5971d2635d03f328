/** What the server asks of maddyc's own clients beyond the Language Server Protocol. Values are plain JSON. */

/** Only from a server that runs in a browser worker, which has no files of its own. */
export const readFileMethod = 'maddy/readFile';

export interface ReadFileParams {
  readonly uri: string;
}

export type ReadFileAnswer =
  | { readonly kind: 'bytes'; readonly base64: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'directory' }
  | { readonly kind: 'unreadable'; readonly reason: string };
