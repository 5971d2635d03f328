import { connect, isIP, type Socket } from 'node:net';
import type { Connection, ConnectionOptions, QueryError } from 'mysql2';
import type { MysqlSource } from '../../../../compiler/catalog/values/mysql-dsn.ts';
import { errorCodeOf } from '../../../reason-of.ts';

/** Milliseconds. */
export interface MysqlTimeouts {
  readonly connect: number;
  readonly query: number;
}

/** A connection to a MySQL or MariaDB server, for one question at a time. */
export class MysqlConnection {
  readonly #connection: Connection;
  readonly #socket: Socket;
  readonly #queryTimeout: number;
  /** When it was last used, of `monotonicTime`. */
  lastUse = 0;

  private constructor(connection: Connection, socket: Socket, queryTimeout: number) {
    this.#connection = connection;
    this.#socket = socket;
    this.#queryTimeout = queryTimeout;
  }

  /** Connects, logs in and makes the settings of the session. */
  static async open(source: MysqlSource, timeouts: MysqlTimeouts): Promise<MysqlConnection> {
    const connection = await MysqlConnection.#logIn(source, timeouts).catch((error) => {
      // Only who cannot speak TLS is spoken to without; whoever fails at it is not.
      if (source.tls !== 'preferred' || errorCodeOf(error) !== 'HANDSHAKE_NO_SSL_SUPPORT') throw error;
      return MysqlConnection.#logIn({ ...source, tls: 'off' }, timeouts);
    });
    if (source.sessionVariables.length === 0) return connection;
    try {
      await connection.run(`SET ${source.sessionVariables.join(', ')}`);
    } catch (error) {
      connection.destroy();
      throw error;
    }
    return connection;
  }

  static async #logIn(source: MysqlSource, timeouts: MysqlTimeouts): Promise<MysqlConnection> {
    // Not by its name: a bundle has what a CommonJS module gives as the default only.
    const { default: mysql } = await import('mysql2');
    const { place } = source;
    // An own socket: the driver cannot let go of one whose server is silent.
    const socket = 'host' in place ? connect({ ...place, noDelay: true, keepAlive: true }) : connect(place.socketPath);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    // The driver tells this too, but not always before it tells that the connection was closed.
    socket.once('error', (error) => reject(reasonToTell(error)));
    try {
      const connection = mysql.createConnection({
        ...optionsFor(source),
        stream: socket,
        connectTimeout: timeouts.connect,
      });
      connection.on('error', (error) => {
        reject(error);
        socket.destroy();
      });
      connection.once('connect', () => resolve());
      await promise;
      return new MysqlConnection(connection, socket, timeouts.query);
    } catch (error) {
      socket.destroy();
      throw error;
    }
  }

  get isUsable(): boolean {
    return !this.#socket.destroyed && this.#socket.readable && this.#socket.writable;
  }

  /** Rows of a statement that the server prepares: values are never written into a text. */
  rows(statement: string, values: readonly string[]): Promise<readonly (readonly unknown[])[]> {
    return this.#ask((done) => {
      this.#connection.execute({ sql: statement, values: [...values], rowsAsArray: true }, (error, rows) => {
        done(error, Array.isArray(rows) ? rows.filter((row) => Array.isArray(row)) : []);
      });
    });
  }

  /** Runs a text, which may hold several statements if the dsn says so. */
  async run(text: string): Promise<void> {
    await this.#ask((done) => this.#connection.query({ sql: text }, (error) => done(error, null)));
  }

  /** Who does not wait for it may end: an idle connection keeps no process. */
  rest(): void {
    this.#socket.unref();
  }

  /** Says goodbye; done when the server has closed the connection, or did not in time. */
  async quit(): Promise<void> {
    if (this.#socket.destroyed) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#socket.once('close', () => resolve());
    const timer = setTimeout(() => this.destroy(), farewellTimeout);
    this.#connection.end();
    await promise;
    clearTimeout(timer);
  }

  destroy(): void {
    this.#socket.destroy();
  }

  async #ask<T>(start: (done: (error: QueryError | null, value: T) => void) => void): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const timer = setTimeout(() => {
      reject(new Error(`the database gave no answer in ${this.#queryTimeout / 1_000} s`));
      // Whatever it would still say is an answer to nobody.
      this.destroy();
    }, this.#queryTimeout);
    this.#socket.ref();
    try {
      start((error, value) => (error === null ? resolve(value) : reject(error)));
      return await promise;
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Milliseconds that a server has to answer a goodbye. */
const farewellTimeout = 1_000;

function optionsFor({ user, password, place, database, tls, ...source }: MysqlSource): ConnectionOptions {
  return {
    ...('host' in place ? { ...place, host: nameToProve(place.host) } : place),
    user,
    password,
    ...(database === '' ? {} : { database }),
    ...(tls === 'off' ? {} : { ssl: { rejectUnauthorized: tls === 'verified', verifyIdentity: tls === 'verified' } }),
    enableCleartextPlugin: source.clearPassword,
    multipleStatements: source.severalStatements,
    // No code is made while mail is served; the server may never ask for files of this machine.
    disableEval: true,
    flags: ['-LOCAL_FILES'],
    // Values as the server writes them.
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    jsonStrings: true,
  };
}

/**
 * The driver lets Node prove the name of a host but takes `localhost` for an address. With the dot of a complete name an address is
 * proven like a name, and Node compares it with the addresses of the certificate. Only that: the socket is connected already.
 */
function nameToProve(host: string): string {
  return isIP(host) === 0 ? host : `${host}.`;
}

/** Where a name has several addresses the error says nothing by itself. */
function reasonToTell(error: Error): Error {
  const [first] = error instanceof AggregateError ? error.errors : [];
  return first instanceof Error ? first : error;
}
