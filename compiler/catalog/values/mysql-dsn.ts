import { parseDuration } from './duration.ts';
import { isIpv6 } from './network.ts';

/** Where a MySQL or MariaDB server is, and how it is spoken to. */
export interface MysqlSource {
  readonly user: string;
  readonly password: string;
  readonly place: { readonly host: string; readonly port: number } | { readonly socketPath: string };
  /** Empty: none is chosen. */
  readonly database: string;
  readonly tls: 'off' | 'preferred' | 'unverified' | 'verified';
  /** Milliseconds; null where the dsn does not say. */
  readonly connectTimeout: number | null;
  readonly readTimeout: number | null;
  /** The password may be sent as it is when the server asks for that. */
  readonly clearPassword: boolean;
  /** Several statements in one text. */
  readonly severalStatements: boolean;
  /** Assignments for `SET`, as they are written. */
  readonly sessionVariables: readonly string[];
}

/** What is wrong with a dsn; quotes nothing of the password. */
export interface MysqlDsnFault {
  readonly error: string;
  /** In the words of maddy's driver; null where it would only fail later. */
  readonly maddy: string | null;
}

/** Keys that say how maddy's driver works inside, or allow what is never done here; a connection always speaks utf8mb4. */
const withoutEffect: ReadonlySet<string> = new Set([
  'allowAllFiles',
  'allowFallbackToPlaintext',
  'allowNativePasswords',
  'allowOldPasswords',
  'charset',
  'checkConnLiveness',
  'clientFoundRows',
  'columnsWithAlias',
  'compress',
  'connectionAttributes',
  'interpolateParams',
  'loc',
  'maxAllowedPacket',
  'parseTime',
  'rejectReadOnly',
  'serverPubKey',
  'strict',
  'timeTruncate',
  'writeTimeout',
]);

const usualPort = 3306;
const longestTimer = 2 ** 31 - 1;

/**
 * A `dsn` as maddy's driver takes it: `[USER[:PASSWORD]@][PROTOCOL[(ADDRESS)]]/[DATABASE][?KEY=VALUE&…]`. User and password stand as
 * they are, whatever signs they hold.
 */
export function parseMysqlDsn(dsn: string): MysqlSource | MysqlDsnFault {
  try {
    return readDsn(dsn);
  } catch (error) {
    if (error instanceof Unreadable) return error.fault;
    throw error;
  }
}

class Unreadable extends Error {
  readonly fault: MysqlDsnFault;

  constructor(error: string, maddy: string | null) {
    super(error);
    this.fault = { error, maddy };
  }
}

function readDsn(dsn: string): MysqlSource {
  const slash = dsn.lastIndexOf('/');
  if (slash < 0) {
    throw new Unreadable(
      'there is no slash before the name of the database',
      'invalid DSN: missing the slash separating the database name',
    );
  }
  const [, database = '', query = ''] = /^([^?]*)(?:\?(.*))?$/s.exec(dsn.slice(slash + 1)) ?? [];
  const server = dsn.slice(0, slash);
  const at = server.lastIndexOf('@');
  const [, user = '', password = ''] = /^([^:]*):?(.*)$/s.exec(server.slice(0, Math.max(at, 0))) ?? [];
  return {
    user,
    password,
    place: placeOf(server.slice(at + 1)),
    database: decode(database, (part) => `invalid dbname "${database}": invalid URL escape "${part}"`),
    ...settingsOf(query),
  };
}

function placeOf(text: string): MysqlSource['place'] {
  const [, protocol = '', inParentheses] = /^([^(]*)(?:\((.*)\))?$/s.exec(text) ?? [];
  if (text.includes('(') && inParentheses === undefined) {
    throw new Unreadable(
      'the address does not end with ")/", or a slash behind "?" is not written as %2F',
      text.includes(')')
        ? 'invalid DSN: did you forget to escape a param value?'
        : 'invalid DSN: network address not terminated (missing closing brace)',
    );
  }
  const address = inParentheses ?? '';
  switch (protocol) {
    case 'unix':
      return { socketPath: address === '' ? '/tmp/mysql.sock' : address };
    case '':
    case 'tcp':
    case 'tcp4':
    case 'tcp6':
      return tcpPlace(address);
    default:
      throw new Unreadable(
        'neither tcp nor unix stands before the address',
        // What stands here may be the password of somebody who forgot the "@".
        address === '' ? `default addr for network '${/^\w+$/.test(protocol) ? protocol : '…'}' unknown` : null,
      );
  }
}

function tcpPlace(address: string): MysqlSource['place'] {
  // IPv6 stands in brackets, but where no port follows it need not.
  if (isIpv6(address)) return { host: address, port: usualPort };
  const parts = /^(?:\[([^\]]*)\]|([^:]*))(?::([0-9]*))?$/.exec(address);
  const port = Number(parts?.[3] || usualPort);
  if (parts === null || port > 65535) throw new Unreadable(`"${address}" is no HOST:PORT`, null);
  return { host: parts[1] || parts[2] || '127.0.0.1', port };
}

function settingsOf(query: string): Omit<MysqlSource, 'user' | 'password' | 'place' | 'database'> {
  const values = new Map(
    query.split('&').flatMap((pair) => {
      const equals = pair.indexOf('=');
      if (equals < 0) return [];
      const value = decode(pair.slice(equals + 1).replaceAll('+', ' '), (part) => `invalid URL escape "${part}"`);
      return [[pair.slice(0, equals), value] as const];
    }),
  );
  const take = (key: string): readonly [string, string | undefined] => {
    const value = values.get(key) || undefined;
    values.delete(key);
    return [key, value];
  };
  const settings = {
    tls: tlsMode(take('tls')[1]),
    connectTimeout: milliseconds(...take('timeout')),
    readTimeout: milliseconds(...take('readTimeout')),
    clearPassword: truth(...take('allowCleartextPasswords')),
    severalStatements: truth(...take('multiStatements')),
  };
  const [, collation] = take('collation');
  const variables = [...values].filter(([key]) => !withoutEffect.has(key));
  for (const [key] of variables) {
    if (!/^[\w.@]+$/.test(key)) throw new Unreadable(`"${key}" is no name of a system variable`, null);
  }
  return {
    ...settings,
    sessionVariables: [
      ...(collation === undefined ? [] : [`collation_connection=${collation}`]),
      ...variables.map(([key, value]) => `${key}=${value}`),
    ],
  };
}

function tlsMode(value: string | undefined): MysqlSource['tls'] {
  const mode = value?.toLowerCase();
  if (mode === 'skip-verify') return 'unverified';
  if (mode === 'preferred') return mode;
  const isWanted = mode === undefined ? false : truthOf(mode);
  if (isWanted === null) {
    throw new Unreadable(
      `tls=${value} is none of true, skip-verify, preferred and false (which it is by default)`,
      `invalid value / unknown config name: ${value}`,
    );
  }
  return isWanted ? 'verified' : 'off';
}

function truth(key: string, value: string | undefined): boolean {
  const read = value === undefined ? false : truthOf(value.toLowerCase());
  if (read === null) throw new Unreadable(`${key}=${value} is neither true nor false`, `invalid bool value: ${value}`);
  return read;
}

function truthOf(value: string): boolean | null {
  if (value === 'true' || value === '1') return true;
  return value === 'false' || value === '0' ? false : null;
}

/** Null for none, and for none that lasts. */
function milliseconds(key: string, value: string | undefined): number | null {
  if (value === undefined) return null;
  const duration = parseDuration(value);
  if (typeof duration !== 'bigint') throw new Unreadable(`${key}=${value} is no duration like 5s`, duration.error);
  return duration <= 0n ? null : Math.min(Math.max(Number(duration / 1_000_000n), 1), longestTimer);
}

/** `maddy` gets the part that cannot be decoded. */
function decode(text: string, maddy: (part: string) => string): string {
  const broken = /%(?![0-9a-fA-F]{2}).{0,2}/s.exec(text);
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Unreadable('a percent sign behind the slash is written %25', broken === null ? null : maddy(broken[0]));
  }
}
