import type { ServerCapabilities } from 'vscode-languageserver';
import type { Client } from './client.ts';
import type { Session } from './session.ts';

/** One feature of the protocol: what the server says of it in its answer to `initialize`, and its handlers. */
export interface Method {
  capabilities(client: Client): ServerCapabilities;
  register(session: Session): void;
}
