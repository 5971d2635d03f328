import { isIPv6 } from 'node:net';
import { parseDuration } from '../../../../compiler/catalog/values/duration.ts';

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

/** Keys that say how maddy's driver works inside, or allow what is never done here; a connection always speaks utf8mb4. */
const withoutEffect = new Set([
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

const form = 'USER:PASSWORD@tcp(HOST:PORT)/DATABASE or USER:PASSWORD@unix(SOCKET)/DATABASE';

/**
 * A `dsn` as maddy's driver takes it: `[USER[:PASSWORD]@][PROTOCOL[(ADDRESS)]]/[DATABASE][?KEY=VALUE&…]`. User and password stand as
 * they are, whatever signs they hold. Throws for what cannot be read; the error quotes nothing of the password.
 */
export function mysqlSource(dsn: string): MysqlSource {
  const slash = dsn.lastIndexOf('/');
  if (slash < 0) throw new Error(`the dsn has no slash before the name of the database: it is ${form}`);
  if (/^(?:mysql|mariadb):\/\//.test(dsn)) throw new Error(`the dsn is a URL: it must be ${form}`);
  const [, database = '', query = ''] = /^([^?]*)(?:\?(.*))?$/s.exec(dsn.slice(slash + 1)) ?? [];
  const server = dsn.slice(0, slash);
  const at = server.lastIndexOf('@');
  const [, user = '', password = ''] = /^([^:]*):?(.*)$/s.exec(server.slice(0, Math.max(at, 0))) ?? [];
  const place = placeOf(server.slice(at + 1));
  return { user, password, place, database: decode(database), ...settingsOf(query) };
}

function placeOf(text: string): MysqlSource['place'] {
  const [, protocol = '', inParentheses] = /^([^(]*)(?:\((.*)\))?$/s.exec(text) ?? [];
  if (text.includes('(') && inParentheses === undefined) {
    throw new Error('the address of the dsn does not end with ")/": a slash in what follows "?" is written %2F');
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
      throw new Error(`the dsn names neither tcp nor unix before the address: it is ${form}`);
  }
}

function tcpPlace(address: string): MysqlSource['place'] {
  // IPv6 stands in brackets, but where no port follows it need not.
  if (isIPv6(address)) return { host: address, port: usualPort };
  const parts = /^(?:\[([^\]]*)\]|([^:]*))(?::([0-9]*))?$/.exec(address);
  const port = Number(parts?.[3] || usualPort);
  if (parts === null || port > 65535) throw new Error(`invalid address: ${address}`);
  return { host: parts[1] || parts[2] || '127.0.0.1', port };
}

function settingsOf(query: string): Omit<MysqlSource, 'user' | 'password' | 'place' | 'database'> {
  const values = new Map(
    query.split('&').flatMap((pair) => {
      const equals = pair.indexOf('=');
      return equals < 0 ? [] : [[pair.slice(0, equals), decode(pair.slice(equals + 1).replaceAll('+', ' '))] as const];
    }),
  );
  const take = (key: string) => {
    const value = values.get(key);
    values.delete(key);
    return value;
  };
  const settings = {
    tls: tlsMode(take('tls')),
    connectTimeout: milliseconds('timeout', take('timeout')),
    readTimeout: milliseconds('readTimeout', take('readTimeout')),
    clearPassword: truth('allowCleartextPasswords', take('allowCleartextPasswords')),
    severalStatements: truth('multiStatements', take('multiStatements')),
  };
  const collation = take('collation');
  const variables = [...values].filter(([key]) => !withoutEffect.has(key));
  for (const [key] of variables)
    if (!/^[\w.@]+$/.test(key)) throw new Error(`"${key}" is no name of a system variable`);
  return {
    ...settings,
    sessionVariables: [
      ...(collation === undefined ? [] : [`collation_connection=${collation}`]),
      ...variables.map(([key, value]) => `${key}=${value}`),
    ],
  };
}

function tlsMode(value: string | undefined): MysqlSource['tls'] {
  const mode = value?.toLowerCase() || undefined;
  if (mode === 'skip-verify') return 'unverified';
  if (mode === 'preferred') return mode;
  const isWanted = mode === undefined ? false : truthOf(mode);
  if (isWanted === null)
    throw new Error(`unsupported tls=${value}; only true, skip-verify, preferred and false (default)`);
  return isWanted ? 'verified' : 'off';
}

function truth(key: string, value: string | undefined): boolean {
  const read = value === undefined ? false : truthOf(value.toLowerCase());
  if (read === null) throw new Error(`${key} is neither true nor false: ${value}`);
  return read;
}

function truthOf(value: string): boolean | null {
  if (value === 'true' || value === '1') return true;
  return value === 'false' || value === '0' ? false : null;
}

/** None, or none that lasts. */
function milliseconds(key: string, value: string | undefined): number | null {
  if (value === undefined) return null;
  const duration = parseDuration(value);
  if (typeof duration !== 'bigint' || duration < 0n) throw new Error(`${key} is no duration like 5s: ${value}`);
  return duration === 0n ? null : Math.min(Math.max(Number(duration / 1_000_000n), 1), 2 ** 31 - 1);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Error('a percent sign in the dsn behind the slash is written %25');
  }
}
