import type { ConfigOf } from '../../../compiler/catalog/config-of.ts';
import type { authPlainSeparate } from '../../../compiler/catalog/modules/auth.plain_separate.ts';
import type { AuthVerdict, ModuleDefinition, Table } from '../../module.ts';
import { reasonOf } from '../../reason-of.ts';
import { authOf, tableOf } from '../../resolve.ts';
import { firstAccepting } from './first-accepting.ts';

/** `auth.plain_separate`: the user must be in one of the tables, the password right for one of the providers. */
export const plainSeparate: ModuleDefinition<ConfigOf<typeof authPlainSeparate>> = {
  name: 'auth.plain_separate',
  create(config, context) {
    const users = config.user.map((use) => tableOf(context, use));
    const providers = config.pass.map((use) => authOf(context, use));
    return {
      auth: {
        async authenticate(request): Promise<AuthVerdict> {
          const known = await holds(users, request.user);
          // The providers are asked in any case: the time of the answer must not tell who exists.
          const verdict = await firstAccepting(providers, request);
          if (known !== null && known.kind !== 'accepted') return known;
          return verdict;
        },
      },
      table: { lookup: async (key) => ((await holds(users, key))?.kind === 'accepted' ? [''] : []) },
    };
  },
};

/** Null without tables: then every user may try. */
async function holds(tables: readonly Table[], user: string): Promise<AuthVerdict | null> {
  let verdict: AuthVerdict | null =
    tables.length === 0 ? null : { kind: 'refused', reason: 'user not found in tables' };
  for (const table of tables) {
    try {
      if ((await table.lookup(user)).length > 0) return { kind: 'accepted' };
    } catch (error) {
      verdict = { kind: 'temporary', reason: reasonOf(error) };
    }
  }
  return verdict;
}
