import { availableParallelism } from 'node:os';
import type { ConfigOf } from '../../../compiler/catalog/config-of.ts';
import type { authPassTable } from '../../../compiler/catalog/modules/auth.pass_table.ts';
import { usernameCaseMapped } from '../../../compiler/text/precis.ts';
import type {
  Accounts,
  AuthProvider,
  AuthRequest,
  AuthVerdict,
  ManagedTable,
  ModuleDefinition,
  Table,
} from '../../module.ts';
import { reasonOf } from '../../reason-of.ts';
import { tableOf } from '../../resolve.ts';
import { impossibleHash, type PasswordHash, parsePasswordHash, verifyPassword } from './password-hash.ts';
import { WorkLimit } from './work-limit.ts';

/** Logins that wait for a free core; the next ones are told to come back. */
const mostWaiting = 1_000;

/** `auth.pass_table`: `ALGO:DATA` hashes from a table, by user name without regard to case. */
export const passTable: ModuleDefinition<ConfigOf<typeof authPassTable>> = {
  name: 'auth.pass_table',
  create(config, context) {
    const table = tableOf(context, config.table);
    return {
      auth: new PassTable(table),
      table: { lookup: (key) => table.lookup(usernameCaseMapped(key) ?? key) },
      ...(table.manage === undefined ? {} : { accounts: accountsIn(table, table.manage) }),
    };
  },
};

function accountsIn(table: Table, manage: NonNullable<ManagedTable['manage']>): Accounts {
  return {
    list: () => manage.keys(),
    keyOf: usernameCaseMapped,
    has: async (key) => (await table.lookup(key)).length > 0,
    put: (key, hash) => manage.put(key, hash),
    remove: (key) => manage.remove(key),
  };
}

export class PassTable implements AuthProvider {
  readonly #table: Table;
  /** The thread pool also reads files and resolves names: hashing takes no more of it than there are cores. */
  readonly #work = new WorkLimit(availableParallelism(), mostWaiting);
  /** Algorithm and cost of the newest entry seen: an unknown user costs as much as a known one. */
  #usual: PasswordHash | null = null;

  constructor(table: Table) {
    this.#table = table;
  }

  async authenticate({ user, password }: AuthRequest): Promise<AuthVerdict> {
    const key = usernameCaseMapped(user);
    let values: readonly string[] = [];
    try {
      if (key !== null) values = await this.#table.lookup(key);
    } catch (error) {
      return { kind: 'temporary', reason: reasonOf(error) };
    }
    const stored = values[0] === undefined ? null : parsePasswordHash(values[0]);
    if (stored !== null) this.#usual = stored;
    const matches = await this.#work.run(() => verifyPassword(password, stored ?? impossibleHash(this.#usual)));
    if (matches === null) return { kind: 'temporary', reason: 'too many logins at once' };
    if (matches && stored !== null) return { kind: 'accepted' };
    return { kind: 'refused', reason: refusalReason(values, stored) };
  }
}

/** For the log, in maddy's words. */
function refusalReason(values: readonly string[], stored: PasswordHash | null): string {
  if (values.length === 0) return 'unknown credentials';
  if (stored === null) return 'no hash algorithm of the stored password is known';
  return stored.algorithm === 'bcrypt'
    ? 'crypto/bcrypt: hashedPassword is not the hash of the given password'
    : 'argon2: hash is not the hash of the given password';
}
