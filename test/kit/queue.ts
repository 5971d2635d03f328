import type { Reply } from '../../runtime/module.ts';
import { bodyOf } from '../../runtime/queue/content.ts';
import type { FailedRecipient, QueuedMessage, QueuedRecipient } from '../../runtime/queue/message.ts';
import type { NewMessage } from '../../runtime/queue/store.ts';

/** 2026-11-22 12:32:45 UTC */
export const arrival = Date.UTC(2026, 10, 22, 12, 32, 45);

export const noSuchUser: Reply = { code: 550, enhanced: '5.1.1', text: 'No such user here' };
export const busy: Reply = { code: 450, enhanced: '4.2.1', text: 'Mailbox busy' };

export function recipient(to: string, tries = 0, failure: Reply | null = null): QueuedRecipient {
  return { to, original: to, tries, failure };
}

export function failed(to: string, failure: Reply, tries = 1): FailedRecipient {
  return { to, original: to, tries, failure };
}

export function queuedMessage(changes: Partial<QueuedMessage> = {}): QueuedMessage {
  return {
    id: '917f95f6',
    from: 'from@sender.test',
    originalFrom: 'from@sender.test',
    arrivedAt: arrival,
    lastAttemptAt: arrival,
    nextAttemptAt: arrival,
    recipients: [recipient('to@example.test')],
    smtputf8: false,
    requireTls: false,
    tlsNotRequired: false,
    quarantined: false,
    declaredSize: null,
    bounce: null,
    ...changes,
  };
}

export function newMessage(changes: Partial<QueuedMessage> = {}, text = 'Hi there\r\n', destination = ''): NewMessage {
  return {
    message: queuedMessage(changes),
    destination,
    header: Buffer.from('Subject: Hello\r\n'),
    body: bodyOf([Buffer.from(text)]),
  };
}

/** The database of `test/services/postgres.sh`, by its environment. */
export function postgresUrl({ PGHOST = '', PGPORT = '', PGUSER = '' }: Readonly<Record<string, string>>): string {
  return `postgres:///test?host=${PGHOST}&port=${PGPORT}&user=${PGUSER}`;
}
