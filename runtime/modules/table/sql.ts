import type { ConfigOf } from '../../../compiler/catalog/config-of.ts';
import type { tableSqlQuery } from '../../../compiler/catalog/modules/table.sql_query.ts';
import type { tableSqlTable } from '../../../compiler/catalog/modules/table.sql_table.ts';
import type { ModuleDefinition } from '../../module.ts';
import { openDatabase, queryTable } from './sqlite.ts';

/** `table.sql_query`: `init` runs at every start; a statement that is wrong is known at load. */
export const sqlQuery: ModuleDefinition<ConfigOf<typeof tableSqlQuery>> = {
  name: 'table.sql_query',
  create({ driver, dsn, init = [], lookup }, { stateDir }) {
    const database = openDatabase(driver, dsn, stateDir);
    for (const statement of init) database.exec(statement);
    return { table: queryTable(database, lookup), stop: async () => database.close() };
  },
};

/** `table.sql_table`: two columns of a table that is made when it is not there. */
export const sqlTable: ModuleDefinition<ConfigOf<typeof tableSqlTable>> = {
  name: 'table.sql_table',
  create({ driver, dsn, table_name, key_column, value_column }, { stateDir }) {
    const database = openDatabase(driver, dsn, stateDir);
    // The names stand unquoted, as in maddy: `schema.table` must go on working.
    database.exec(
      `CREATE TABLE IF NOT EXISTS ${table_name} (${key_column} TEXT PRIMARY KEY NOT NULL, ${value_column} TEXT NOT NULL)`,
    );
    const table = queryTable(database, `SELECT ${value_column} FROM ${table_name} WHERE ${key_column} = $1`);
    return { table, stop: async () => database.close() };
  },
};
