import type { ConfigOf } from '../../../compiler/catalog/config-of.ts';
import type { tableSqlQuery } from '../../../compiler/catalog/modules/table.sql_query.ts';
import type { tableSqlTable } from '../../../compiler/catalog/modules/table.sql_table.ts';
import type { ManagedTable, ModuleContext, ModuleDefinition, ModuleInstance } from '../../module.ts';
import type { SqlDatabase } from './sql/database.ts';
import { PostgresDatabase } from './sql/postgres.ts';
import { SqliteDatabase } from './sql/sqlite.ts';

/** What can be asked of the database; statements that are not there cannot be asked. */
interface Statements {
  readonly lookup: string;
  readonly list: string | undefined;
  /** For a key that is not there, and for one that is; the same where one statement does both. */
  readonly add: string | undefined;
  readonly set: string | undefined;
  readonly remove: string | undefined;
}

/** `table.sql_query`: `init` runs at every start; a statement that is wrong for SQLite is known at load. */
export const sqlQuery: ModuleDefinition<ConfigOf<typeof tableSqlQuery>> = {
  name: 'table.sql_query',
  create({ driver, dsn, init = [], lookup, list, add, set, del }, context) {
    return sqlModule(openDatabase(driver, dsn, context), init, { lookup, list, add, set, remove: del });
  },
};

/** `table.sql_table`: two columns of a table that is made when it is not there. */
export const sqlTable: ModuleDefinition<ConfigOf<typeof tableSqlTable>> = {
  name: 'table.sql_table',
  create({ driver, dsn, table_name: table, key_column: key, value_column: value }, context) {
    // The names stand unquoted, as in maddy: `schema.table` must go on working.
    const init = `CREATE TABLE IF NOT EXISTS ${table} (${key} TEXT PRIMARY KEY NOT NULL, ${value} TEXT NOT NULL)`;
    const put = `INSERT INTO ${table} (${key}, ${value}) VALUES ($1, $2) ON CONFLICT (${key}) DO UPDATE SET ${value} = excluded.${value}`;
    return sqlModule(openDatabase(driver, dsn, context), [init], {
      lookup: `SELECT ${value} FROM ${table} WHERE ${key} = $1`,
      list: `SELECT ${key} FROM ${table} ORDER BY ${key}`,
      add: put,
      set: put,
      remove: `DELETE FROM ${table} WHERE ${key} = $1`,
    });
  },
};

function openDatabase(driver: string, dsn: readonly string[], { stateDir, log }: ModuleContext): SqlDatabase {
  const source = dsn.join(' ');
  return driver === 'postgres' ? new PostgresDatabase(source, log) : new SqliteDatabase(source, stateDir);
}

function sqlModule(database: SqlDatabase, init: readonly string[], statements: Statements): ModuleInstance {
  database.initialize(init);
  for (const statement of Object.values(statements)) if (statement !== undefined) database.prepare(statement);
  return {
    table: sqlLookups(database, statements),
    start: async () => database.start(),
    stop: () => database.close(),
  };
}

function sqlLookups(database: SqlDatabase, statements: Statements): ManagedTable {
  const { lookup, list, add, set, remove } = statements;
  const find = (key: string) => database.query(lookup, [key]);
  if (list === undefined || add === undefined || set === undefined || remove === undefined) return { lookup: find };
  return {
    lookup: find,
    manage: {
      keys: async () => database.query(list, []),
      put: async (key, value) => {
        const isThere = (await find(key)).length > 0;
        await database.query(isThere ? set : add, [key, value]);
      },
      remove: async (key) => void (await database.query(remove, [key])),
    },
  };
}
