import { commands, window } from 'vscode';
import { Debounced } from './debounce.ts';
import type { Feature } from './feature.ts';

/** Milliseconds after a tab is shown: VS Code puts a walkthrough's page together only when somebody opens it. */
const pause = 1000;

const key = 'maddy.isConfigurationSeen';

/**
 * VS Code ticks a step when its condition turns true, but never when it was true as the steps came to be known, and that is as late as
 * the page is opened. So the condition of the step that a file that is open fulfils is true for a moment only, again and again.
 */
export const walkthrough: Feature = ({ context, active, inBackground }) => {
  const tick = async (): Promise<void> => {
    if (active.uri === null) return;
    await commands.executeCommand('setContext', key, true);
    await commands.executeCommand('setContext', key, false);
  };
  const soon = new Debounced(pause, () => inBackground(tick()));
  context.subscriptions.push(
    soon,
    window.tabGroups.onDidChangeTabs(() => soon.ask()),
    active.onDidChange(() => soon.ask()),
  );
  soon.ask();
};
