import { spawn } from 'node:child_process';
import { env } from 'node:process';
import { createInterface } from 'node:readline';
import type { PlayedOutcome, TestMessage, TranscriptLine } from '../../views/view-messages.ts';
import type { Program } from '../run/own-program.ts';
import { converse, type RecipientReply } from './test-client.ts';
import { outcomeOf, ReplyReader, readLine } from './transcript.ts';

export interface PlayedMessage {
  readonly outcomes: readonly PlayedOutcome[];
  readonly lines: readonly TranscriptLine[];
}

export interface Play {
  readonly program: Program;
  /** A compiled plan. */
  readonly plan: string;
  /** Where relative paths of the configuration begin. */
  readonly folder: string;
  readonly message: TestMessage;
  /** Of the endpoint. */
  readonly protocol: string;
}

/** Milliseconds; a session over files ends in a fraction of one second. */
const patience = 20_000;

/**
 * Hands the message to the session that `maddyc session` plays: the code of the server, without its sockets and its disk. Throws with
 * what the program complains about.
 */
export async function playMessage({ program, plan, folder, message, protocol }: Play): Promise<PlayedMessage> {
  const { command, args } = program;
  const child = spawn(command, [...args, 'session', ...optionsFor(message), plan], {
    cwd: folder,
    env: { ...env, ...program.env },
    stdio: 'pipe',
    windowsHide: true,
    timeout: patience,
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', ({ message: reason }) => resolve(reason));
    child.once('close', (code, signal) => resolve(`the session ended early, with ${code ?? signal}`));
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });
  // A program that has ended takes nothing more; why, its complaint says.
  child.stdin.on('error', () => undefined);
  const client = converse(message, protocol, new Date());
  client.next(noReply);
  const lines: TranscriptLine[] = [];
  const reasons = new Map<string, string[]>();
  const replies = new ReplyReader();
  let recipients: readonly RecipientReply[] | null = null;
  let since: string[] = [];
  let said = '';
  for await (const text of createInterface({ input: child.stdout })) {
    const line = readLine(text);
    if (line === null) continue;
    lines.push(line);
    if (line.by === 'reason') since.push(line.text);
    if (line.by !== 'server') continue;
    const reply = replies.read(line.text);
    if (reply === null || recipients !== null) continue;
    const [, recipient] = /^RCPT TO:<(.*)>$/.exec(said) ?? [];
    if (recipient !== undefined) reasons.set(recipient, since);
    since = [];
    const next = client.next(reply);
    if (next.done === true) {
      recipients = next.value;
      child.stdin.end('QUIT\r\n');
    } else if (next.value.length > 0) {
      said = next.value[0] ?? '';
      child.stdin.write(next.value.map((each) => `${each}\r\n`).join(''));
    }
  }
  const end = await ended;
  if (recipients === null) throw new Error(complaint.trim() || end);
  return { outcomes: recipients.map((each) => outcomeOf(each, reasons.get(each.to) ?? [])), lines };
}

/** Begins the conversation: there is nothing to answer yet. */
const noReply = { code: 0, lines: [] };

function optionsFor({ endpoint, ip, checks }: TestMessage): readonly string[] {
  return [
    ...(endpoint === null ? [] : ['--endpoint', endpoint]),
    ...(ip === null ? [] : ['--ip', ip]),
    ...Object.entries(checks).flatMap(([name, verdict]) => ['--check', `${name}=${verdict}`]),
    ...['--color', 'never'],
  ];
}
