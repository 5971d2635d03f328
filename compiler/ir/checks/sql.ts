import { sqlStatements } from '../../catalog/shared/sql.ts';
import { parseMysqlDsn } from '../../catalog/values/mysql-dsn.ts';
import { mysqlStatement } from '../../catalog/values/mysql-statement.ts';
import { valueShape } from '../codes/values.ts';
import { atLine, type Finding, finding } from '../finding.ts';
import type { Property } from '../ir.ts';
import type { Properties } from '../properties.ts';
import type { Subject } from '../validate.ts';
import { dependsOnEnvironment, spanOf } from '../words.ts';

/** For MySQL: whether the dsn can be read, and whether statements ask for no more than they get. SQLite and PostgreSQL say it themselves. */
export function checkSql(subject: Subject, properties: Properties): readonly Finding[] {
  if (properties.get('driver')?.value !== 'mysql') return [];
  return [
    ...unreadableDsn(subject, properties.get('dsn')),
    ...sqlStatements.flatMap(({ name, parameters }) =>
      greedyStatement(subject, name, properties.get(name), parameters),
    ),
  ];
}

function unreadableDsn(subject: Subject, property: Property | undefined): readonly Finding[] {
  const dsn = Array.isArray(property?.value) ? property.value.join(' ') : '';
  if (property === undefined || dependsOnEnvironment(dsn)) return [];
  const read = parseMysqlDsn(dsn);
  if (!('error' in read)) return [];
  const details = [
    'maddyc cannot start with it. It is USER:PASSWORD@tcp(HOST:PORT)/DATABASE or USER:PASSWORD@unix(SOCKET)/DATABASE.',
  ];
  return [
    finding(
      valueShape,
      whereOf(subject, property),
      { message: 'the dsn cannot be read as one of MySQL', label: read.error, details },
      read.maddy === null ? null : atLine(subject.header, `failed to open db: ${read.maddy}`),
    ),
  ];
}

function greedyStatement(
  subject: Subject,
  name: string,
  property: Property | undefined,
  given: number,
): readonly Finding[] {
  if (typeof property?.value !== 'string' || dependsOnEnvironment(property.value)) return [];
  const read = mysqlStatement(property.value, given);
  if (!('error' in read)) return [];
  const details = ['maddyc cannot start with it. A value that is wanted twice is written with its number: $1 or $2.'];
  return [
    finding(valueShape, whereOf(subject, property), {
      message: `${name} asks for more than it gets`,
      label: read.error,
      details,
    }),
  ];
}

function whereOf(subject: Subject, { written }: Property) {
  const [directive] = written;
  return directive === undefined ? subject.header.origin : (directive.args[0]?.origin ?? spanOf(directive));
}
