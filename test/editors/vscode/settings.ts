/** User settings of a VS Code that is looked at by a program: quiet, without network, without animation. */
export const settings: Readonly<Record<string, unknown>> = {
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'workbench.startupEditor': 'none',
  'workbench.enableExperiments': false,
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'security.workspace.trust.enabled': false,
  'chat.disableAIFeatures': true,
  'editor.accessibilitySupport': 'off',
  'editor.minimap.enabled': false,
  'editor.stickyScroll.enabled': false,
  'editor.hover.delay': 100,
  // They stand between the words that are waited for.
  'editor.inlayHints.enabled': 'offUnlessPressed',
  'editor.fontFamily': 'monospace',
  'files.autoSave': 'off',
  'git.enabled': false,
  // Which it says when there are many.
  'remote.autoForwardPorts': false,
  // What stands in a terminal can be read then.
  'terminal.integrated.gpuAcceleration': 'off',
  'window.menuBarVisibility': 'hidden',
};

/** Folders are not trusted, and nobody is asked whether they should be. */
export const restricted: Readonly<Record<string, unknown>> = {
  'security.workspace.trust.enabled': true,
  'security.workspace.trust.startupPrompt': 'never',
};
