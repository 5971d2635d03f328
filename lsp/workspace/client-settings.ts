import {
  CodeLensRefreshRequest,
  DidChangeConfigurationNotification,
  InlayHintRefreshRequest,
} from 'vscode-languageserver';
import type { Session } from '../session.ts';

/** What the user has set in the editor, in the section `maddy`. */
export interface ClientSettings {
  /** Look for configurations in the folders that are open, and show what is wrong in those, too. */
  readonly checkWorkspace: boolean;
  readonly inlayHints: boolean;
  readonly codeLens: boolean;
}

export const usualClientSettings: ClientSettings = { checkWorkspace: true, inlayHints: true, codeLens: true };

/** Asks for the settings, and again when they change. A client that has none, or answers nonsense, gets the usual ones. */
export async function followClientSettings(
  { client, connection, faults }: Session,
  changed: (settings: ClientSettings) => void,
): Promise<void> {
  if (!client.hasConfiguration) return changed(usualClientSettings);
  let known = usualClientSettings;
  const ask = async (): Promise<void> => {
    const before = known;
    try {
      known = read(await connection.workspace.getConfiguration('maddy'));
    } catch {
      known = usualClientSettings;
    }
    changed(known);
    // What is on the screen was answered by the settings before.
    if (client.refreshesInlayHints && known.inlayHints !== before.inlayHints) {
      await connection.sendRequest(InlayHintRefreshRequest.type);
    }
    if (client.refreshesCodeLenses && known.codeLens !== before.codeLens) {
      await connection.sendRequest(CodeLensRefreshRequest.type);
    }
  };
  connection.onDidChangeConfiguration(() => void faults.answer('configuration', null, ask));
  if (client.registersConfiguration) {
    await faults.answer('configuration', null, () =>
      connection.client.register(DidChangeConfigurationNotification.type, { section: 'maddy' }),
    );
  }
  await faults.answer('configuration', null, ask);
}

function read(section: unknown): ClientSettings {
  const given = typeof section === 'object' && section !== null ? section : {};
  const flag = (name: keyof ClientSettings): boolean => {
    const value: unknown = Object.entries(given).find(([key]) => key === name)?.[1];
    return typeof value === 'boolean' ? value : usualClientSettings[name];
  };
  return { checkWorkspace: flag('checkWorkspace'), inlayHints: flag('inlayHints'), codeLens: flag('codeLens') };
}
