import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { commands, Uri, workspace } from 'vscode';
import type { FromSend, TestMessage, ToSend } from '../../views/view-messages.ts';
import type { Feature, Parts } from '../feature.ts';
import { type FormLooks, formOpener, MessageForm } from '../message-form.ts';
import { ownProgram } from '../run/own-program.ts';
import { type PlayedMessage, playMessage } from './play-message.ts';

const looks: FormLooks = {
  type: 'maddy.send',
  title: 'Send a test message',
  heading: 'What does the server say to a message?',
  view: 'send-view',
  fields: `<label>Subject <input id="subject" value="A test"></label>
<label>Text <textarea id="body" rows="3">Hello!</textarea></label>
`,
  buttons:
    '<button type="submit">Send</button> <small>It is played: nothing leaves this machine, and nothing is delivered.</small>',
};

type SendForm = MessageForm<ToSend, FromSend>;

/** A form for a whole message, and the session in which the server takes or refuses it. Only where there are processes. */
export const sendTestMessage: Feature = (parts) => {
  const open = formOpener(parts, (onClose) => {
    const form: SendForm = new MessageForm(parts, looks, ({ message }) => send(parts, form, message), onClose);
    return form;
  });
  parts.context.subscriptions.push(
    commands.registerCommand('maddy.sendTestMessage', async () => open(await parts.active.find(), null)),
  );
};

async function send({ server, context }: Parts, form: SendForm, message: TestMessage): Promise<void> {
  if (form.about === null) return;
  // The plan is of the text in the editor, saved or not; only the program of the same version surely reads it.
  const compiled = await server.compile({ uri: form.about.uri.toString() });
  if (!compiled.ok) return form.refuse(compiled.message);
  const choice = ownProgram(context.extensionPath);
  if (!choice.ok) return form.refuse(choice.message);
  form.send({ kind: 'playing' });
  const endpoint = form.about.form.endpoints.find(({ name }) => name === message.endpoint);
  try {
    const played = await withPlan(compiled.text, (plan) =>
      playMessage({
        program: choice.program,
        ...{ plan, message },
        folder: folderOf(Uri.parse(compiled.main)),
        protocol: endpoint?.protocol ?? 'smtp',
      }),
    );
    form.send({ kind: 'played', ...played, places: form.placesIn(compiled.uris, compiled.main) });
  } catch (error) {
    form.refuse(error instanceof Error ? error.message : String(error));
  }
}

/** In a folder of its own that nobody else may read: a configuration holds secrets. */
async function withPlan(text: string, play: (path: string) => Promise<PlayedMessage>): Promise<PlayedMessage> {
  const folder = await mkdtemp(join(tmpdir(), 'maddyc-session-'));
  try {
    const path = join(folder, 'plan.json');
    await writeFile(path, text, { mode: 0o600 });
    return await play(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Of the configuration; of one that is nowhere yet, the folder that is open. */
function folderOf({ scheme, fsPath }: Uri): string {
  return scheme === 'file' ? dirname(fsPath) : (workspace.workspaceFolders?.[0]?.uri.fsPath ?? tmpdir());
}
