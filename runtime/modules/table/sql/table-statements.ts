/** What can be asked of a table; statements that are not there cannot be asked. */
export interface TableStatements {
  readonly lookup: string;
  readonly list: string | undefined;
  /** For a key that is not there, and for one that is; the same where one statement does both. */
  readonly add: string | undefined;
  readonly set: string | undefined;
  readonly del: string | undefined;
}

/** Of a table with two columns: its own name and theirs. */
interface Names {
  readonly table: string;
  readonly key: string;
  readonly value: string;
}

interface TwoColumns extends TableStatements {
  /** Makes the table when it is not there. */
  readonly init: string;
}

/** For SQLite and PostgreSQL. The names stand unquoted, as in maddy: `schema.table` must go on working. */
export function standardTable({ table, key, value }: Names): TwoColumns {
  const put = `INSERT INTO ${table} (${key}, ${value}) VALUES ($1, $2) ON CONFLICT (${key}) DO UPDATE SET ${value} = excluded.${value}`;
  return {
    init: `CREATE TABLE IF NOT EXISTS ${table} (${key} TEXT PRIMARY KEY NOT NULL, ${value} TEXT NOT NULL)`,
    lookup: `SELECT ${value} FROM ${table} WHERE ${key} = $1`,
    list: `SELECT ${key} FROM ${table} ORDER BY ${key}`,
    add: put,
    set: put,
    del: `DELETE FROM ${table} WHERE ${key} = $1`,
  };
}

/**
 * For MySQL and MariaDB, whose keys have a largest length, where `key` is a reserved word, and where texts are alike that differ in
 * case, accents or blanks at the end: the index finds those, and of them the one with the same bytes is meant.
 */
export function mysqlTable(names: Names): TwoColumns {
  const [table, key, value] = [quoteName(names.table), quoteName(names.key), quoteName(names.value)];
  const isKey = `${key} = $1 AND ${bytesOf(key)} = ${bytesOf('$1')}`;
  return {
    init:
      `CREATE TABLE IF NOT EXISTS ${table} (${key} VARCHAR(${longestKey}) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY, ` +
      `${value} TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL)`,
    lookup: `SELECT ${value} FROM ${table} WHERE ${isKey}`,
    list: `SELECT ${key} FROM ${table} ORDER BY ${key}`,
    add: `INSERT INTO ${table} (${key}, ${value}) VALUES ($1, $2)`,
    set: `UPDATE ${table} SET ${value} = $2 WHERE ${isKey}`,
    del: `DELETE FROM ${table} WHERE ${isKey}`,
  };
}

/** Characters of up to 4 bytes: an index of InnoDB holds 3072 bytes. An address has at most 320. */
const longestKey = 512;

function bytesOf(expression: string): string {
  return `CAST(CONVERT(${expression} USING utf8mb4) AS BINARY)`;
}

/** `schema.table` too; what is quoted already stays. */
function quoteName(name: string): string {
  if (name.includes('`')) return name;
  return name
    .split('.')
    .map((part) => `\`${part}\``)
    .join('.');
}
