import type { Eventually } from '../../../module.ts';

/** What a statement is given: `$1`, `?` or `:key` is the key, `$2` or `:value` the value. */
export type Parameters = readonly [key?: string, value?: string];

/** A database of one table module. */
export interface SqlDatabase {
  /** Known now where it can be: throws for a statement that is wrong. `given`: 0 for no parameters, 1 for the key, 2 for the value too. */
  prepare(statement: string, given: number): void;
  /** First column of all rows; NULL is none. */
  query(statement: string, parameters: Parameters): Eventually<readonly string[]>;
  /** Statements to run before any other, once. */
  initialize(statements: readonly string[]): void;
  /** The server starts: whether the database can be reached is found out, and said if it cannot. Waits for nothing. */
  start(): void;
  close(): Promise<void>;
}
