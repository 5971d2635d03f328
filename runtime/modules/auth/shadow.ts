import { timingSafeEqual } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { ConfigOf } from '../../../compiler/catalog/config-of.ts';
import type { authShadow } from '../../../compiler/catalog/modules/auth.shadow.ts';
import type { AuthProvider, AuthRequest, AuthVerdict, ModuleDefinition } from '../../module.ts';
import { reasonOf } from '../../reason-of.ts';
import { helperIn } from './pam.ts';
import { parseShaCrypt, type ShaCrypt, shaCrypt } from './sha-crypt.ts';
import { WorkLimit } from './work-limit.ts';

const shadowFile = '/etc/shadow';
const helperName = 'maddy-shadow-helper';

/** `auth.shadow`: accounts of the system, read here or by a helper program that may. */
export const shadow: ModuleDefinition<ConfigOf<typeof authShadow>> = {
  name: 'auth.shadow',
  create({ use_helper: useHelper }, { libexecDir }) {
    if (useHelper) return helperIn(libexecDir, helperName);
    try {
      accessSync(shadowFile, constants.R_OK);
    } catch (error) {
      throw new Error(
        `can't read ${shadowFile} due to permission error, use helper binary or run maddyc as a privileged user`,
        { cause: error },
      );
    }
    return { auth: new ShadowFile(shadowFile) };
  },
};

const mostWaiting = 100;
const millisecondsOfDay = 86_400_000;

/** What an account that is not there is compared with, so that both take their time. */
const nobody: ShaCrypt = { algorithm: 'sha512', rounds: 5_000, salt: 'nobody', hash: '' };

export class ShadowFile implements AuthProvider {
  readonly #path: string;
  readonly #work = new WorkLimit(1, mostWaiting);

  constructor(path: string) {
    this.#path = path;
  }

  async authenticate({ user, password }: AuthRequest): Promise<AuthVerdict> {
    let entry: string | undefined;
    try {
      const lines = (await readFile(this.#path, 'utf8')).split('\n');
      entry = lines.find((line) => line.startsWith(`${user}:`));
    } catch (error) {
      return { kind: 'temporary', reason: reasonOf(error) };
    }
    const fields = (entry ?? '').split(':');
    const stored = parseShaCrypt(fields[1] ?? '');
    const computed = await this.#work.run(() => shaCrypt(password, stored ?? nobody));
    if (computed === null) return { kind: 'temporary', reason: 'too many logins at once' };
    const refusal = user === '' || entry === undefined ? 'unknown credentials' : refusalOf(fields, stored);
    if (refusal !== null) return { kind: 'refused', reason: refusal };
    return stored !== null && isSame(computed, stored.hash)
      ? { kind: 'accepted' }
      : { kind: 'refused', reason: 'wrong password' };
  }
}

/** Why the account may not log in with any password (shadow(5)); null when it may. */
function refusalOf(fields: readonly string[], stored: ShaCrypt | null): string | null {
  const [, hash = '', changed, , longest, , grace, expires] = fields;
  if (stored === null) {
    return /^[!*]|^$/.test(hash)
      ? 'the account has no password'
      : 'the password of the account is hashed by an algorithm that is not known here ($5$ and $6$ are): use auth.pam';
  }
  const today = Math.floor(Date.now() / millisecondsOfDay);
  const day = (text: string | undefined): number => (text === undefined || text === '' ? Number.NaN : Number(text));
  if (day(expires) <= today) return 'the account has expired';
  if (day(changed) === 0) return 'the password has to be changed first';
  const graceDays = Number.isNaN(day(grace)) ? 0 : day(grace);
  return day(changed) + day(longest) + graceDays < today ? 'the password has expired' : null;
}

function isSame(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
