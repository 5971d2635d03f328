import type { AuthProvider, AuthRequest, AuthVerdict } from '../../module.ts';
import { reasonOf } from '../../reason-of.ts';

/**
 * Providers in order until one accepts. When none does and one of them could not tell, the answer is temporary: the password
 * may have been right for that one (D6).
 */
export async function firstAccepting(providers: readonly AuthProvider[], request: AuthRequest): Promise<AuthVerdict> {
  let refused = 'no authentication provider';
  let temporary: string | null = null;
  for (const provider of providers) {
    const verdict = await provider.authenticate(request).catch(asTemporary);
    if (verdict.kind === 'accepted') return verdict;
    if (verdict.kind === 'temporary') temporary = verdict.reason;
    else refused = verdict.reason;
  }
  return temporary === null ? { kind: 'refused', reason: refused } : { kind: 'temporary', reason: temporary };
}

function asTemporary(error: unknown): AuthVerdict {
  return { kind: 'temporary', reason: reasonOf(error) };
}
