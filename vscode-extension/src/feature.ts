import type { ExtensionContext } from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import type { ActiveConfiguration } from './active-configuration.ts';
import type { MaddyServer } from './maddy-server.ts';
import type { PreviewDocuments } from './preview-documents.ts';

/** What the parts of the extension share. */
export interface Parts {
  readonly context: ExtensionContext;
  readonly client: BaseLanguageClient;
  readonly server: MaddyServer;
  readonly active: ActiveConfiguration;
  readonly previews: PreviewDocuments;
  /** For work that nobody waits for: a failure is a line in the log. */
  readonly inBackground: (work: Promise<unknown>) => void;
}

/** One part of the extension: registers its commands and providers with the context. */
export type Feature = (parts: Parts) => void;
