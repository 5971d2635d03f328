import { readFileSync } from 'node:fs';
import type { PoolConfig } from 'pg';

/** Keys of a connection string that are not run-time parameters of the server. */
const connectionKeys = new Set([
  'host',
  'port',
  'user',
  'password',
  'dbname',
  'sslmode',
  'sslcert',
  'sslkey',
  'sslrootcert',
  'connect_timeout',
  'application_name',
  'fallback_application_name',
  'client_encoding',
]);

/**
 * A `dsn` as maddy's driver takes it: `key=value` words, with quotes and backslashes, or a `postgres://` URL; what is missing
 * comes from PGHOST, PGUSER and so on. TLS is required unless `sslmode` says otherwise. Throws for what cannot be read.
 */
export function postgresConfig(dsn: string, env: NodeJS.ProcessEnv = process.env): PoolConfig {
  const values = /^postgres(?:ql)?:\/\//.test(dsn) ? urlValues(dsn) : keywordValues(dsn);
  const parameters = [...values].filter(([key]) => !connectionKeys.has(key));
  const port = values.get('port') ?? env.PGPORT ?? '5432';
  if (!/^[0-9]{1,5}$/.test(port)) throw new Error(`invalid port: ${port}`);
  const host = values.get('host') ?? env.PGHOST ?? 'localhost';
  return {
    host,
    port: Number(port),
    user: values.get('user') ?? env.PGUSER ?? 'postgres',
    password: values.get('password') ?? env.PGPASSWORD,
    database: values.get('dbname') ?? env.PGDATABASE ?? values.get('user') ?? env.PGUSER,
    application_name: values.get('application_name') ?? 'maddyc',
    // A socket is a directory that begins with a slash; nobody listens in between.
    ssl: host.startsWith('/') ? false : tlsOptions(values, env),
    ...(parameters.length === 0
      ? {}
      : { options: parameters.map(([key, value]) => `-c ${key}=${escapeWord(value)}`).join(' ') }),
  };
}

function keywordValues(dsn: string): Map<string, string> {
  const values = new Map<string, string>();
  const word = /\s*([A-Za-z_]+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|((?:[^\s\\']|\\.)*))(?=\s|$)/gsy;
  let end = 0;
  for (const match of dsn.matchAll(word)) {
    values.set((match[1] ?? '').toLowerCase(), (match[2] ?? match[3] ?? '').replace(/\\(.)/gs, '$1'));
    end = match.index + match[0].length;
  }
  if (dsn.slice(end).trim() !== '') throw new Error('the dsn is neither key=value words nor a postgres:// URL');
  return values;
}

function urlValues(dsn: string): Map<string, string> {
  const url = new URL(dsn);
  const parts = {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port,
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    dbname: decodeURIComponent(url.pathname.slice(1)),
  };
  return new Map([...Object.entries(parts).filter(([, value]) => value !== ''), ...url.searchParams]);
}

function tlsOptions(values: ReadonlyMap<string, string>, env: NodeJS.ProcessEnv): PoolConfig['ssl'] {
  const mode = values.get('sslmode') ?? env.PGSSLMODE ?? 'require';
  const file = (key: string): { readonly [option: string]: Buffer } => {
    const path = values.get(key);
    const option = { sslcert: 'cert', sslkey: 'key', sslrootcert: 'ca' }[key] ?? key;
    return path === undefined || path === '' ? {} : { [option]: readFileSync(path) };
  };
  const files = { ...file('sslcert'), ...file('sslkey'), ...file('sslrootcert') };
  switch (mode) {
    case 'disable':
      return false;
    case 'require':
      return { ...files, rejectUnauthorized: false };
    case 'verify-ca':
      return { ...files, rejectUnauthorized: true, checkServerIdentity: () => undefined };
    case 'verify-full':
      return { ...files, rejectUnauthorized: true };
    default:
      throw new Error(
        `unsupported sslmode "${mode}"; only "require" (default), "verify-full", "verify-ca" and "disable"`,
      );
  }
}

/** For `options`, whose words are separated by blanks. */
function escapeWord(value: string): string {
  return value.replace(/[\\\s]/g, '\\$&');
}
