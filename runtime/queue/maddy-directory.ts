import { createReadStream } from 'node:fs';
import { readdir, readFile, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Reply } from '../module.ts';
import { reasonOf } from '../reason-of.ts';
import type { QueuedMessage, QueuedRecipient } from './message.ts';
import { type RetrySchedule, retryDelay } from './schedule.ts';
import type { NewMessage } from './store.ts';

/** A message in a queue directory of maddy (runtime-mta 3.3), or why it cannot be read. */
export type MaddyMessage =
  | { readonly id: string; readonly message: NewMessage; remove(): Promise<void> }
  | { readonly id: string; readonly message: null; readonly reason: string };

/** Names of the messages in a directory; empty when it is none of maddy's. */
export async function maddyMessageNames(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory).catch(() => []);
  return names
    .filter((name) => name.endsWith('.meta'))
    .map((name) => name.slice(0, -'.meta'.length))
    .toSorted();
}

/** `schedule` is the queue's: when the message is due is not written in its files (runtime-mta 3.6). */
export async function readMaddyMessage(directory: string, id: string, schedule: RetrySchedule): Promise<MaddyMessage> {
  const path = (extension: string): string => join(directory, `${id}.${extension}`);
  try {
    const meta = parseMetadata(await readFile(path('meta'), 'utf8'));
    const stored = await readFile(path('header'));
    const { size } = await stat(path('body'));
    return {
      id,
      message: {
        message: messageOf(id, meta, schedule),
        destination: '',
        header: withoutEmptyLine(stored),
        body: { size, chunks: () => createReadStream(path('body')) },
      },
      async remove() {
        // The metadata last: without it maddy does not know the message any more.
        for (const extension of ['body', 'header', 'meta']) await unlink(path(extension));
      },
    };
  } catch (error) {
    return { id, message: null, reason: reasonOf(error) };
  }
}

function parseMetadata(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('the metadata are no JSON, the file is cut off or of something else');
  }
}

function withoutEmptyLine(header: Buffer): Buffer {
  if (header.toString('latin1') === '\r\n') return Buffer.alloc(0);
  return header.toString('latin1').endsWith('\r\n\r\n') ? header.subarray(0, -2) : header;
}

function messageOf(id: string, meta: unknown, schedule: RetrySchedule): QueuedMessage {
  const context = recordAt(meta, 'MsgMeta');
  const options = recordAt(context, 'SMTPOpts');
  const originals = recordAt(context, 'OriginalRcpts');
  const tries = recordAt(meta, 'TriesCount');
  const errors = recordAt(meta, 'RcptErrs');
  const arrivedAt = timeOf(valueAt(meta, 'FirstAttempt'));
  const to = valueAt(meta, 'To');
  if (!Array.isArray(to)) throw new Error('the metadata name no recipients');
  if (to.length === 0) throw new Error('the metadata name no recipients');
  const recipients = to
    .filter((each) => typeof each === 'string')
    .map((address): QueuedRecipient => {
      const original = originals[address];
      return {
        to: address,
        original: typeof original === 'string' ? original : address,
        tries: numberOf(tries[address]),
        failure: replyOf(errors[address]),
      };
    });
  const lastAttemptAt = timeOf(valueAt(meta, 'LastAttempt'));
  const fewestTries = Math.min(...recipients.map((recipient) => recipient.tries));
  return {
    id,
    from: textOf(valueAt(meta, 'From')),
    originalFrom: textOf(context.OriginalFrom),
    arrivedAt,
    lastAttemptAt,
    nextAttemptAt: fewestTries === 0 ? lastAttemptAt : lastAttemptAt + retryDelay(schedule, fewestTries),
    recipients,
    smtputf8: options.UTF8 === true,
    requireTls: options.RequireTLS === true,
    tlsNotRequired: context.TLSRequireOverride === true,
    quarantined: context.Quarantine === true,
    declaredSize: numberOf(options.Size) === 0 ? null : numberOf(options.Size),
    bounce: null,
  };
}

function replyOf(error: unknown): Reply | null {
  const code = numberOf(valueAt(error, 'Code'));
  const enhanced = valueAt(error, 'EnhancedCode');
  if (code === 0) return null;
  const digits = Array.isArray(enhanced) ? enhanced.map(numberOf).join('.') : `${Math.floor(code / 100)}.0.0`;
  return { code, enhanced: digits, text: textOf(valueAt(error, 'Message')) };
}

function valueAt(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Reflect.get(value, key) : undefined;
}

/** The object under a key; maddy writes an empty map as null. */
function recordAt(value: unknown, key: string): Readonly<Record<string, unknown>> {
  const found = valueAt(value, key);
  return typeof found === 'object' && found !== null ? Object.fromEntries(Object.entries(found)) : {};
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function timeOf(value: unknown): number {
  const time = Date.parse(textOf(value));
  return Number.isNaN(time) ? Date.now() : time;
}
