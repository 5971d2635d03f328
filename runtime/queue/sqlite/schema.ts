import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { makeDirectory } from '../../make-directory.ts';
import { reasonOf } from '../../reason-of.ts';

/** Parts of one message at most: part `n` of message `seq` has the row id `seq * partsPerMessage + n`. */
export const partsPerMessage = 4096;

/** Content of more bytes lies in parts. */
export const largestInRow = 16_384;

/** Another process (`maddyc queue`) may hold the file for so long. */
export const busyMilliseconds = 10_000;
/** Bytes. */
export const pageSize = 16_384;
const schemaVersion = 1;

/**
 * Small content lies in its message's row: a commit writes whole pages, and so it writes the fewest. Larger content lies in parts, which
 * an attempt does not touch. Every row is in one of three indexes, by what it waits for.
 */
const schema = `
CREATE TABLE message (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  sender TEXT NOT NULL,
  destination TEXT NOT NULL,
  header_size INTEGER NOT NULL,
  size INTEGER NOT NULL,
  arrived_at INTEGER NOT NULL,
  next_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  state INTEGER NOT NULL,
  lease TEXT,
  message TEXT NOT NULL,
  content BLOB
);
CREATE INDEX due ON message (next_at, destination) WHERE lease IS NULL AND state = 0;
CREATE INDEX leased ON message (lease) WHERE lease IS NOT NULL;
CREATE INDEX held ON message (state) WHERE state = 1;
CREATE TABLE part (place INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
PRAGMA user_version = ${schemaVersion};
`;

export function databasePath(directory: string): string {
  return join(directory, 'queue.db');
}

/** Opens the database of a queue's directory, which is made when it is not there. A commit is on disk when it returns. */
export function openQueueDatabase(directory: string): DatabaseSync {
  makeDirectory(directory);
  try {
    return openDatabase(directory);
  } catch (error) {
    // SQLite does not say where: "database or disk is full", "file is not a database".
    throw new Error(`the queue in ${directory} cannot be opened: ${reasonOf(error)}`, { cause: error });
  }
}

function openDatabase(directory: string): DatabaseSync {
  const database = new DatabaseSync(databasePath(directory));
  try {
    database.exec(`PRAGMA busy_timeout = ${busyMilliseconds}; PRAGMA page_size = ${pageSize}; PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 2000; PRAGMA cache_size = -16384;`);
    prepareSchema(database, directory);
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

function prepareSchema(database: DatabaseSync, directory: string): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    const version = Number(database.prepare('PRAGMA user_version').get()?.user_version);
    if (version === 0) database.exec(schema);
    else if (version !== schemaVersion) {
      throw new Error(`${databasePath(directory)} was written by another version of maddyc (format ${version})`);
    }
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

/** Held as long as a server uses the directory; the system lets go of it when the process ends, however it ends. Null: somebody has it. */
export function lockQueue(directory: string): DatabaseSync | null {
  const lock = new DatabaseSync(join(directory, 'lock.db'));
  try {
    lock.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    if (error instanceof Error && /locked|busy/i.test(error.message)) return null;
    throw error;
  }
}
