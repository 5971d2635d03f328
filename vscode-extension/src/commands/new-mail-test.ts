import { commands, FileSystemError, Uri, window, workspace } from 'vscode';
import type { RouteAnswer } from '../../../lsp/protocol.ts';
import type { Feature, Parts } from '../feature.ts';
import { showFile } from '../places.ts';

/** Somebody whom no mail server of one's own has among its users. */
const stranger = 'somebody@example.net';
const otherStranger = 'nobody@example.com';

/** A file of mail tests beside the configuration, with what holds now; one that is there is shown. */
export const newMailTest: Feature = (parts) => {
  parts.context.subscriptions.push(
    commands.registerCommand('maddy.newMailTest', async () => {
      const found = await parts.active.find();
      if (found === null) return;
      const { chosen } = await parts.server.mainFiles({ uri: found.toString() });
      const main = Uri.parse(chosen);
      if (main.scheme === 'untitled') {
        void window.showInformationMessage('Save the configuration as a file first: its tests lie beside it.');
        return;
      }
      const file = main.with({ path: main.path.replace(/(?:\.[^./]*)?$/, '.mailtest.yaml') });
      if (await isThere(file)) {
        await showFile(file);
        return;
      }
      const text = await testText(parts, main);
      try {
        await workspace.fs.writeFile(file, new TextEncoder().encode(text));
        await showFile(file);
      } catch {
        // A folder that nobody can write into, as some in a browser.
        await window.showTextDocument(await workspace.openTextDocument({ language: 'yaml', content: text }));
      }
    }),
  );
};

async function isThere(file: Uri): Promise<boolean> {
  try {
    await workspace.fs.stat(file);
    return true;
  } catch (error) {
    return !(error instanceof FileSystemError && error.code === 'FileNotFound');
  }
}

async function testText({ server }: Parts, main: Uri): Promise<string> {
  const uri = main.toString();
  const form = await server.routeForm({ uri });
  const [domain = 'example.org'] = form.ok ? form.localDomains : [];
  const entrance = form.ok ? form.endpoints.find(({ takesLogins }) => !takesLogins) : undefined;
  const to = `postmaster@${domain}`;
  const endpoint = entrance?.name ?? null;
  const [own, foreign] = await Promise.all(
    [to, otherStranger].map((recipient) => server.route({ uri, from: stranger, to: [recipient], endpoint })),
  );
  // Only tests that pass now are worth a file: what is wrong with the configuration the editor says itself.
  const isRefused = fateOf(foreign)?.outcome === 'rejected';
  return [
    `# Where mail must go. The Test Explorer and "maddyc test" say whether it does.`,
    ...(main.path.endsWith('.conf') ? [] : [`configuration: ${main.path.slice(main.path.lastIndexOf('/') + 1)}`]),
    'cases:',
    '  - name: mail from outside is delivered',
    `    from: ${stranger}`,
    `    to: ${to}`,
    `    expect: { delivered: ${targetOf(own)} }`,
    ...(isRefused
      ? [
          '  - name: mail for others is refused',
          `    from: ${stranger}`,
          `    to: ${otherStranger}`,
          '    expect: { rejected: true }',
        ]
      : []),
    '',
    'policies:',
    '  - no-open-relay',
    '',
  ].join('\n');
}

function fateOf(answer: RouteAnswer | undefined) {
  return answer?.ok === true ? answer.route.recipients[0] : undefined;
}

/** The block that it came to, where that has a name. */
function targetOf(answer: RouteAnswer | undefined): string {
  const [delivery] = fateOf(answer)?.deliveries ?? [];
  const name = delivery?.name ?? delivery?.target ?? 'true';
  return /^[a-z_][\w.-]*$/i.test(name) ? name : JSON.stringify(name);
}
