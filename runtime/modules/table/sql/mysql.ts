import { type MysqlSource, parseMysqlDsn } from '../../../../compiler/catalog/values/mysql-dsn.ts';
import { type MysqlStatement, mysqlStatement } from '../../../../compiler/catalog/values/mysql-statement.ts';
import { ConcurrencyPermits } from '../../../limits/permits.ts';
import { monotonicTime } from '../../../monotonic-time.ts';
import type { Logger } from '../../../observe/log.ts';
import type { Parameters, SqlDatabase } from './database.ts';
import { MysqlConnection, type MysqlTimeouts } from './mysql-connection.ts';

/** Milliseconds. A mail session waits for the answer. */
const connectTimeout = 5_000;
const queryTimeout = 10_000;
const idleTimeout = 30_000;
const mostConnections = 4;

/**
 * A MySQL or MariaDB database, connected when it is first asked: a server whose database is down starts all the same and answers
 * with temporary failures until it is back (D26).
 */
export class MysqlDatabase implements SqlDatabase {
  readonly #source: MysqlSource;
  readonly #timeouts: MysqlTimeouts;
  readonly #log: Logger;
  readonly #statements = new Map<string, MysqlStatement>();
  readonly #permits = new ConcurrencyPermits(mostConnections);
  readonly #idle: MysqlConnection[] = [];
  #initial: readonly string[] = [];
  #ready: Promise<void> | null = null;
  #sweep: NodeJS.Timeout | null = null;
  #isClosed = false;

  /** Throws for a `dsn` that cannot be read. */
  constructor(dsn: string, log: Logger) {
    const source = parseMysqlDsn(dsn);
    if ('error' in source) throw new Error(`the dsn cannot be read: ${source.error}`);
    this.#source = source;
    this.#timeouts = {
      connect: source.connectTimeout ?? connectTimeout,
      query: source.readTimeout ?? queryTimeout,
    };
    this.#log = log;
  }

  initialize(statements: readonly string[]): void {
    this.#initial = statements;
  }

  prepare(statement: string, given: number): void {
    this.#statements.set(statement, readStatement(statement, given));
  }

  start(): void {
    this.#initialized().catch((error) => this.#log.error('the database is not reachable yet', error));
  }

  async query(statement: string, parameters: Parameters): Promise<readonly string[]> {
    await this.#initialized();
    const { text, positions } = this.#statements.get(statement) ?? readStatement(statement, parameters.length);
    const values = positions.map((position) => parameters[position] ?? '');
    const rows = await this.#withConnection((connection) => connection.rows(text, values));
    return rows.flatMap(([column]) => (column === null || column === undefined ? [] : [String(column)]));
  }

  #initialized(): Promise<void> {
    const ready =
      this.#ready ??
      this.#withConnection(async (connection) => {
        for (const statement of this.#initial) await connection.run(statement);
      });
    this.#ready = ready;
    // What failed is tried again by whoever asks next.
    ready.catch(() => {
      if (this.#ready === ready) this.#ready = null;
    });
    return ready;
  }

  async #withConnection<T>(work: (connection: MysqlConnection) => Promise<T>): Promise<T> {
    if (!(await this.#permits.acquire(monotonicTime() + this.#timeouts.connect))) {
      throw new Error(`all ${mostConnections} connections to the database are busy`);
    }
    try {
      const connection = this.#idleConnection() ?? (await MysqlConnection.open(this.#source, this.#timeouts));
      try {
        return await work(connection);
      } finally {
        this.#keep(connection);
      }
    } finally {
      this.#permits.release();
    }
  }

  #idleConnection(): MysqlConnection | null {
    for (let last = this.#idle.pop(); last !== undefined; last = this.#idle.pop()) {
      // The server may have closed it meanwhile.
      if (last.isUsable) return last;
      last.destroy();
    }
    return null;
  }

  #keep(connection: MysqlConnection): void {
    if (this.#isClosed) void connection.quit();
    if (this.#isClosed || !connection.isUsable) return;
    connection.lastUse = monotonicTime();
    connection.rest();
    this.#idle.push(connection);
    this.#sweep ??= setInterval(() => this.#dropOld(), idleTimeout / 4).unref();
  }

  #dropOld(): void {
    const oldest = monotonicTime() - idleTimeout;
    // The one that was used last is the last.
    while (this.#idle[0] !== undefined && this.#idle[0].lastUse < oldest) void this.#idle.shift()?.quit();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#sweep !== null) clearInterval(this.#sweep);
    await Promise.all(this.#idle.splice(0).map((connection) => connection.quit()));
  }
}

function readStatement(statement: string, given: number): MysqlStatement {
  const read = mysqlStatement(statement, given);
  if ('error' in read) throw new Error(`"${statement}" cannot be asked: ${read.error}`);
  return read;
}
