import { mkdir, open, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type TrialDeliveryConfig, trialDelivery } from '../../../compiler/trial/stand-ins.ts';
import type { Delivery, Message, ModuleInstance, ReplyError } from '../../module.ts';
import type { Logger } from '../../observe/log.ts';
import { configOf } from '../../plan-config.ts';
import type { RuntimeModule } from '../../registry.ts';
import { finalCopy } from './final-copy.ts';
import { safeFileName } from './maildir-path.ts';

/** A message that would have left the trial. */
export interface TrialArrival {
  /** Absolute. */
  readonly file: string;
  /** Module and block that would have taken it. */
  readonly target: string;
  /** Where it would have gone. */
  readonly destination: string;
  /** Empty: the null sender. */
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string | null;
}

export interface TrialDeliveryOptions {
  /** Absolute; one directory for each target is made in it. */
  readonly directory: string;
  /** `log` is the target's. */
  readonly onArrival: (arrival: TrialArrival, log: Logger) => void;
}

/** Stands where a target of the configuration stood: takes every recipient, and keeps each message as one file. */
export function trialDeliveryModule(options: TrialDeliveryOptions): RuntimeModule {
  let count = 0;
  return {
    name: trialDelivery,
    create(plan, { log }): ModuleInstance {
      const config = configOf<TrialDeliveryConfig>(plan);
      const nameOf = ({ id }: Message['context']): string => `${timeStamp(new Date())}-${id}-${++count}.eml`;
      const { mailbox, target } = config;
      const folder = join(options.directory, safeFileName(plan.name ?? target));
      return {
        target: { start: (_, from) => new TrialDelivery({ ...options, ...config, folder, from, nameOf, log }) },
        // Some targets are tables of their mailboxes as well.
        table: { lookup: (key) => (key === mailbox || mailbox.startsWith(`${key}@`) ? [key] : []) },
      };
    },
  };
}

interface Assignment extends TrialDeliveryOptions, TrialDeliveryConfig {
  readonly folder: string;
  readonly from: string;
  readonly log: Logger;
  readonly nameOf: (context: Message['context']) => string;
}

interface Written {
  readonly temporary: string;
  readonly arrival: TrialArrival;
}

class TrialDelivery implements Delivery {
  readonly #assignment: Assignment;
  readonly #recipients: string[] = [];
  #written: Written | null = null;

  constructor(assignment: Assignment) {
    this.#assignment = assignment;
  }

  addRecipient(to: string): void {
    this.#recipients.push(to);
  }

  async body(message: Message, perRecipient: ((to: string, error: ReplyError | null) => void) | null): Promise<void> {
    const { folder, target, from, nameOf } = this.#assignment;
    const to = [...this.#recipients];
    const place = this.#assignment.destination || placeFor(target, to);
    const destination = message.context.quarantined ? `${place}, as junk` : place;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const file = join(folder, nameOf(message.context));
    const temporary = `${file}.part`;
    this.#written = {
      temporary,
      arrival: { file, target, destination, from, to, subject: message.header.get('Subject') },
    };
    const handle = await open(temporary, 'wx', 0o600);
    try {
      const fields = [['X-Trial-Destination', `${target}, ${destination}`]] as const;
      for await (const chunk of finalCopy(message, { from, to, fields })) await handle.writeFile(chunk);
    } finally {
      await handle.close();
    }
    for (const each of to) perRecipient?.(each, null);
  }

  async commit(): Promise<void> {
    const written = this.#written;
    if (written === null) return;
    this.#written = null;
    await rename(written.temporary, written.arrival.file);
    this.#assignment.onArrival(written.arrival, this.#assignment.log);
  }

  async abort(): Promise<void> {
    const written = this.#written;
    this.#written = null;
    if (written !== null) await unlink(written.temporary).catch(() => {});
  }
}

/** Mail for others goes to their servers, all other mail into mailboxes. */
function placeFor(target: string, to: readonly string[]): string {
  if (!target.startsWith('target.remote')) return `mailbox of ${to.join(', ')}`;
  const domains = new Set(to.map((address) => address.slice(address.lastIndexOf('@') + 1)));
  return `servers of ${[...domains].join(', ')}`;
}

/** `20261123T001122Z`: names sort by time. */
function timeStamp(date: Date): string {
  return date.toISOString().replace(/[-:]|\.\d+/g, '');
}
