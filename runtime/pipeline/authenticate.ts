import { type UsernameNormalization, usernameNormalizers } from '../../compiler/text/username.ts';
import type { AuthProvider, AuthVerdict, Table } from '../module.ts';
import { firstAccepting } from '../modules/auth/first-accepting.ts';
import { reasonOf } from '../reason-of.ts';
import type { AuthOutcome, Credentials, SessionClient } from '../smtp/backend.ts';

export interface AuthenticationOptions {
  readonly providers: readonly AuthProvider[];
  /** `auth_map_normalize` */
  readonly normalize: UsernameNormalization;
  /** `auth_map` */
  readonly map: Table | null;
}

/** Where the one who logs in comes from, as far as known. */
export type LoginOrigin = Pick<SessionClient, 'address' | 'port' | 'localAddress' | 'localPort' | 'tls'>;

/** `account`: the name that the providers were asked about. */
export type LoginOutcome = AuthOutcome & { readonly account: string };

/**
 * The name goes through normalisation and map before the providers see it; the session keeps the name as sent
 * (runtime-core 15.2). LOGIN does both twice and keeps what the first pass gave, as maddy does.
 */
export async function authenticate(
  options: AuthenticationOptions,
  client: LoginOrigin,
  mechanism: string,
  { user, password }: Pick<Credentials, 'user' | 'password'>,
): Promise<LoginOutcome> {
  const first = mechanism === 'LOGIN' ? await mapName(options, user) : { name: user, refusal: null };
  const identity = first.name;
  const { name, refusal: second } = await mapName(options, identity);
  const refusal = first.refusal ?? second;
  if (refusal?.kind === 'temporary') return { verdict: refusal, identity, account: name };
  // Who is not in the map is asked about as well: the time of the answer must not tell who exists.
  const verdict = await firstAccepting(options.providers, {
    user: name,
    password,
    remote: endpoint(client.address, client.port),
    local: endpoint(client.localAddress, client.localPort),
    secured: client.tls,
  });
  return { verdict: refusal ?? worded(verdict), identity, account: name };
}

interface MappedName {
  readonly name: string;
  /** Why nobody of this name may log in; null when somebody may. */
  readonly refusal: AuthVerdict | null;
}

async function mapName({ normalize, map }: AuthenticationOptions, user: string): Promise<MappedName> {
  const name = usernameNormalizers[normalize](user);
  if (name === null) return refused(user, 'the user name cannot be normalised');
  if (map === null) return { name, refusal: null };
  try {
    const [mapped] = await map.lookup(name);
    return mapped === undefined ? refused(name, 'the user name is not in auth_map') : { name: mapped, refusal: null };
  } catch (error) {
    return { name, refusal: { kind: 'temporary', reason: reasonOf(error) } };
  }
}

function refused(name: string, reason: string): MappedName {
  return { name, refusal: { kind: 'refused', reason } };
}

/** Log lines of refusals in maddy's words (runtime-core 3.2). */
function worded(verdict: AuthVerdict): AuthVerdict {
  if (verdict.kind === 'accepted') return verdict;
  return { ...verdict, reason: `no auth. provider accepted creds, last err: ${verdict.reason}` };
}

function endpoint(address: string | null, port: number | null): { address: string; port: number } | null {
  return address === null ? null : { address, port: port ?? 0 };
}
