import { commands, window } from 'vscode';
import type { ProgramChoice } from './own-program.ts';

/** Why there is no program, and the way to the setting where that is the way out. */
export async function tellReason({ message, named }: Extract<ProgramChoice, { readonly ok: false }>): Promise<void> {
  const settings = 'Open the Setting';
  const chosen = await window.showErrorMessage(message, ...(named ? [settings] : []));
  if (chosen === settings) await commands.executeCommand('workbench.action.openSettings', 'maddy.program');
}
