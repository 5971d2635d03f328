import { resolve } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Parameters, SqlDatabase } from './database.ts';

/** Another process may hold the file for so long; the event loop waits with us. */
const busyMilliseconds = 2_000;

/** A SQLite file: a path, or `file:PATH?…` as the Go driver takes it; relative ones lie below `stateDir`. */
export class SqliteDatabase implements SqlDatabase {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(dsn: string, stateDir: string) {
    const path = dsn.replace(/^file:(?:\/\/)?/, '').replace(/\?.*$/s, '');
    this.#database = new DatabaseSync(path === ':memory:' ? path : resolve(stateDir, path));
    this.#database.exec(`PRAGMA busy_timeout = ${busyMilliseconds}`);
  }

  initialize(statements: readonly string[]): void {
    for (const statement of statements) this.#database.exec(statement);
  }

  prepare(text: string): void {
    this.#prepared(text);
  }

  query(text: string, [key, value]: Parameters): readonly string[] {
    const statement = this.#prepared(text);
    const given = [key, value].filter((each) => each !== undefined);
    const rows = text.includes('?') ? statement.all(...given) : statement.all(named(key, value));
    return rows.flatMap((row) => {
      const [column] = Object.values(row);
      return column === null || column === undefined ? [] : [String(column)];
    });
  }

  #prepared(text: string): StatementSync {
    const known = this.#statements.get(text);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(text);
    if (!text.includes('?')) statement.setAllowUnknownNamedParameters(true);
    this.#statements.set(text, statement);
    return statement;
  }

  start(): void {}

  async close(): Promise<void> {
    this.#database.close();
  }
}

function named(key: string | undefined, value: string | undefined): Record<string, string> {
  return {
    ...(key === undefined ? {} : { $1: key, key }),
    ...(value === undefined ? {} : { $2: value, value }),
  };
}
