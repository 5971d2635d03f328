import type { ConfigOf } from '../../../compiler/catalog/config-of.ts';
import type { tableSqlQuery } from '../../../compiler/catalog/modules/table.sql_query.ts';
import type { tableSqlTable } from '../../../compiler/catalog/modules/table.sql_table.ts';
import { sqlStatements } from '../../../compiler/catalog/shared/sql.ts';
import type { ManagedTable, ModuleContext, ModuleDefinition, ModuleInstance } from '../../module.ts';
import type { SqlDatabase } from './sql/database.ts';
import { MysqlDatabase } from './sql/mysql.ts';
import { PostgresDatabase } from './sql/postgres.ts';
import { SqliteDatabase } from './sql/sqlite.ts';
import { mysqlTable, standardTable, type TableStatements } from './sql/table-statements.ts';

/** `table.sql_query`: `init` runs at every start; a statement that is wrong for SQLite is known at load. */
export const sqlQuery: ModuleDefinition<ConfigOf<typeof tableSqlQuery>> = {
  name: 'table.sql_query',
  create({ driver, dsn, init = [], lookup, list, add, set, del }, context) {
    return sqlModule(openDatabase(driver, dsn, context), init, { lookup, list, add, set, del });
  },
};

/** `table.sql_table`: two columns of a table that is made when it is not there. */
export const sqlTable: ModuleDefinition<ConfigOf<typeof tableSqlTable>> = {
  name: 'table.sql_table',
  create({ driver, dsn, table_name: table, key_column: key, value_column: value }, context) {
    const { init, ...statements } = (driver === 'mysql' ? mysqlTable : standardTable)({ table, key, value });
    return sqlModule(openDatabase(driver, dsn, context), [init], statements);
  },
};

function openDatabase(driver: string, dsn: readonly string[], { stateDir, log }: ModuleContext): SqlDatabase {
  const source = dsn.join(' ');
  switch (driver) {
    case 'postgres':
      return new PostgresDatabase(source, log);
    case 'mysql':
      return new MysqlDatabase(source, log);
    default:
      return new SqliteDatabase(source, stateDir);
  }
}

function sqlModule(database: SqlDatabase, init: readonly string[], statements: TableStatements): ModuleInstance {
  database.initialize(init);
  for (const { name, parameters } of sqlStatements) {
    const statement = statements[name];
    if (statement !== undefined) database.prepare(statement, parameters);
  }
  return {
    table: sqlLookups(database, statements),
    start: async () => database.start(),
    stop: () => database.close(),
  };
}

function sqlLookups(database: SqlDatabase, statements: TableStatements): ManagedTable {
  const { lookup, list, add, set, del } = statements;
  const find = (key: string) => database.query(lookup, [key]);
  if (list === undefined || add === undefined || set === undefined || del === undefined) return { lookup: find };
  return {
    lookup: find,
    manage: {
      keys: async () => database.query(list, []),
      put: async (key, value) => {
        const isThere = (await find(key)).length > 0;
        await database.query(isThere ? set : add, [key, value]);
      },
      remove: async (key) => void (await database.query(del, [key])),
    },
  };
}
