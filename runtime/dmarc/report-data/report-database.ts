import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { makeDirectory } from '../../make-directory.ts';
import type { Observation } from './observation.ts';

export function reportDatabasePath(stateDir: string): string {
  return join(stateDir, 'dmarc-reports.db');
}

/** Days, today included. */
export const keptDays = 30;
/** About 40 MB. A sender who invents domains must not fill the disk. */
export const mostRows = 100_000;

/** Another process, a worker or `maddyc dmarc`, may hold the file for so long. */
const busyMilliseconds = 5_000;
const schemaVersion = 1;

const schema = `
CREATE TABLE seen (
  day TEXT NOT NULL,
  domain TEXT NOT NULL,
  observation TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (day, domain, observation)
) WITHOUT ROWID;
PRAGMA user_version = ${schemaVersion};
`;

export interface CountedObservation {
  /** In UTC, `2026-11-22`. */
  readonly day: string;
  readonly observation: Observation;
  readonly count: number;
}

/** Counts of what was seen, by day. Several processes may write at once. */
export class ReportDatabase {
  readonly #database: DatabaseSync;
  readonly #mostRows: number;

  private constructor(database: DatabaseSync, rows: number) {
    this.#database = database;
    this.#mostRows = rows;
  }

  /** Makes the file when it is not there. Throws what SQLite throws. */
  static open(path: string, rows = mostRows): ReportDatabase {
    makeDirectory(dirname(path));
    const database = new DatabaseSync(path);
    try {
      // No WAL: workers that change to it together do not wait for each other, one is told at once that the database is locked.
      database.exec(`PRAGMA busy_timeout = ${busyMilliseconds}; PRAGMA synchronous = NORMAL; BEGIN IMMEDIATE`);
      const version = Number(database.prepare('PRAGMA user_version').get()?.user_version);
      if (version === 0) database.exec(schema);
      else if (version !== schemaVersion) throw new Error(`${path} was written by another version of maddyc`);
      database.exec('COMMIT');
    } catch (error) {
      database.close();
      throw error;
    }
    return new ReportDatabase(database, rows);
  }

  /** Null when nothing was ever counted. */
  static openExisting(path: string): ReportDatabase | null {
    return existsSync(path) ? ReportDatabase.open(path) : null;
  }

  /** Adds to the counts, and drops days that are over. Gives how many had no room. */
  add(counted: readonly CountedObservation[], today: string): number {
    const database = this.#database;
    database.exec('BEGIN IMMEDIATE');
    try {
      database.prepare('DELETE FROM seen WHERE day < ?').run(dayBefore(today, keptDays - 1));
      let room = this.#room(today);
      const raise = database.prepare(
        'UPDATE seen SET count = count + ? WHERE day = ? AND domain = ? AND observation = ?',
      );
      const insert = database.prepare('INSERT INTO seen (count, day, domain, observation) VALUES (?, ?, ?, ?)');
      let dropped = 0;
      for (const { day, observation, count } of counted) {
        const row = [count, day, observation.published.domain, JSON.stringify(observation)] as const;
        if (raise.run(...row).changes > 0) continue;
        if (room > 0) {
          insert.run(...row);
          room--;
        } else dropped += count;
      }
      database.exec('COMMIT');
      return dropped;
    } catch (error) {
      database.exec('ROLLBACK');
      throw error;
    }
  }

  /** Days make room from the oldest on; today does not. */
  #room(today: string): number {
    const rows = (): number => Number(this.#database.prepare('SELECT count(*) AS rows FROM seen').get()?.rows);
    let room = this.#mostRows - rows();
    while (room <= 0) {
      const oldest = this.#database.prepare('SELECT min(day) AS day FROM seen').get()?.day;
      if (typeof oldest !== 'string' || oldest >= today) break;
      this.#database.prepare('DELETE FROM seen WHERE day = ?').run(oldest);
      room = this.#mostRows - rows();
    }
    return room;
  }

  /** In the order of days and domains. */
  *read(wanted: {
    readonly day?: string | undefined;
    readonly domain?: string | undefined;
  }): Iterable<CountedObservation> {
    const rows = this.#database
      .prepare(
        'SELECT day, observation, count FROM seen WHERE (?1 IS NULL OR day = ?1) AND (?2 IS NULL OR domain = ?2) ORDER BY day, domain, observation',
      )
      .iterate(wanted.day ?? null, wanted.domain ?? null);
    for (const { day, observation, count } of rows) {
      // Only `add` writes rows.
      const seen: Observation = JSON.parse(String(observation));
      yield { day: String(day), observation: seen, count: Number(count) };
    }
  }

  close(): void {
    this.#database.close();
  }
}

/** The day that is so many days before. */
export function dayBefore(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() - days);
  return dayOf(date.getTime());
}

/** The day in UTC of Unix milliseconds. */
export function dayOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}
