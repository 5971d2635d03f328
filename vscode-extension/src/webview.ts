import { type ExtensionContext, TabInputWebview, Uri, ViewColumn, type WebviewPanel, window } from 'vscode';

/** A panel beside the configuration that may run nothing but the extension's own scripts. */
export function createPanel(
  context: ExtensionContext,
  type: string,
  title: string,
  takes: 'focus' | 'no focus',
): WebviewPanel {
  // Beside a text; beside another view it would be a third column, and all of them too narrow.
  const isInView = window.tabGroups.activeTabGroup.activeTab?.input instanceof TabInputWebview;
  const viewColumn = isInView ? ViewColumn.Active : ViewColumn.Beside;
  const panel = window.createWebviewPanel(
    type,
    title,
    { viewColumn, preserveFocus: takes === 'no focus' },
    {
      enableScripts: true,
      retainContextWhenHidden: true,
      localResourceRoots: [Uri.joinPath(context.extensionUri, 'dist')],
    },
  );
  panel.iconPath = Uri.joinPath(context.extensionUri, 'icon.png');
  return panel;
}

/** No network, no inline script but those with the nonce. */
export function contentPolicy(cspSource: string, nonce: string): string {
  const policy = `default-src 'none'; style-src ${cspSource} 'unsafe-inline'; script-src 'nonce-${nonce}'`;
  return `<meta http-equiv="Content-Security-Policy" content="${policy}">`;
}

export function createNonce(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
