import { DidChangeConfigurationNotification } from 'vscode-languageserver';
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
  const ask = async (): Promise<void> => {
    try {
      changed(read(await connection.workspace.getConfiguration('maddy')));
    } catch {
      changed(usualClientSettings);
    }
  };
  connection.onDidChangeConfiguration(() => void faults.answer('configuration', null, ask));
  if (client.registersConfiguration) {
    await faults.answer('configuration', null, () =>
      connection.client.register(DidChangeConfigurationNotification.type, { section: 'maddy' }),
    );
  }
  await ask();
}

function read(section: unknown): ClientSettings {
  const given = typeof section === 'object' && section !== null ? section : {};
  const flag = (name: keyof ClientSettings): boolean => {
    const value: unknown = Object.entries(given).find(([key]) => key === name)?.[1];
    return typeof value === 'boolean' ? value : usualClientSettings[name];
  };
  return { checkWorkspace: flag('checkWorkspace'), inlayHints: flag('inlayHints'), codeLens: flag('codeLens') };
}
