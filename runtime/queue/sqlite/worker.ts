import { parentPort } from 'node:worker_threads';
import { freeMemory } from '../../message/free-memory.ts';
import { reasonOf } from '../../reason-of.ts';
import { QueueStoreFull } from '../store.ts';
import type { NumberedRequest, StoreAnswer, StoreRequest, StoreResult } from './protocol.ts';
import { QueueDatabase } from './queue-database.ts';

/** The thread that owns a queue's database: its synced commits must not stop the event loop. */

/** How soon it is seen that `maddyc queue` has changed something. */
const lookInterval = 1000;

const port = parentPort;
if (port !== null) {
  const answer = (message: StoreAnswer): void => port.postMessage(message);
  let database: QueueDatabase | null = null;
  let seen = 0;
  const look = setInterval(() => {
    if (database === null || database.dataVersion === seen) return;
    seen = database.dataVersion;
    answer({ changed: true });
  }, lookInterval);
  const serve = (request: StoreRequest): StoreResult => {
    if (request.ask === 'open') {
      database = new QueueDatabase(request.directory, request.lease, request.role);
      seen = database.dataVersion;
      return { kind: 'done' };
    }
    if (database === null) throw new Error('the queue is not open');
    switch (request.ask) {
      case 'write': {
        const keys = database.write(request.writes, request.bytes);
        freeMemory(new Uint8Array(request.bytes));
        return { kind: 'keys', keys };
      }
      case 'lease':
        return { kind: 'rows', rows: database.lease(request.request) };
      case 'nextDue':
        return { kind: 'number', value: database.nextDue(request.except) };
      case 'sizes':
        return { kind: 'sizes', sizes: database.sizes(request.seq) };
      case 'part':
        return { kind: 'bytes', bytes: database.part(request.seq, request.part) };
      case 'count':
        return { kind: 'number', value: database.count() };
      case 'close': {
        const open = database;
        database = null;
        clearInterval(look);
        open.close();
        return { kind: 'done' };
      }
    }
  };
  port.on('message', ({ number, request }: NumberedRequest) => {
    try {
      answer({ number, result: serve(request) });
    } catch (error) {
      answer({ number, error: reasonOf(error), isFull: isFull(error) });
    }
    if (request.ask === 'close') port.close();
  });
}

/** SQLITE_FULL (13): no room on the disk, or in what a file may hold. */
function isFull(error: unknown): boolean {
  if (error instanceof QueueStoreFull) return true;
  return error instanceof Error && 'errcode' in error && error.errcode === 13;
}
