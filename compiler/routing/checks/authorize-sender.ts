import type { PlanUse, ReplyValue } from '../../plan/plan.ts';
import { type UsernameNormalization, usernameNormalizers } from '../../text/username.ts';

/** What decides about a sender; a part of the check's configuration. */
export interface SenderPolicy<Table = PlanUse> {
  readonly prepare_email: Table;
  readonly user_to_email: Table;
  readonly auth_normalize: UsernameNormalization;
  readonly from_normalize: UsernameNormalization;
}

/** Runtime-core 16, with the action of the configuration that each falls under. */
export const senderFindings = {
  notLoggedIn: { action: 'unauth_action', reply: reply(530, '5.7.0', 'Authentication required') },
  badSender: { action: 'err_action', reply: reply(553, '5.1.7', 'Unable to normalize sender address') },
  badUser: { action: 'err_action', reply: reply(535, '5.7.8', 'Unable to normalize authorization username') },
  failed: { action: 'err_action', reply: reply(454, '4.7.0', 'Internal error during policy check') },
  noMatch: { action: 'no_match_action', reply: reply(553, '5.7.0', 'Unauthorized use of sender address') },
} as const;

export type SenderVerdict = 'authorized' | keyof typeof senderFindings;

export interface SenderQuestion<Table> {
  readonly table: Table;
  readonly key: string;
}

/** Whether a user may use an address: the tables are asked by whoever drives this. */
export function* judgeSender<Table>(
  policy: SenderPolicy<Table>,
  user: string | null,
  address: string,
): Generator<SenderQuestion<Table>, SenderVerdict, readonly string[]> {
  if (user === null) return 'notLoggedIn';
  const sender = usernameNormalizers[policy.from_normalize](address);
  if (sender === null) return 'badSender';
  const name = usernameNormalizers[policy.auth_normalize](user);
  if (name === null) return 'badUser';
  const prepared = yield { table: policy.prepare_email, key: sender };
  const allowed = new Set(yield { table: policy.user_to_email, key: name });
  for (const candidate of prepared.length === 0 ? [sender] : prepared) {
    const at = candidate.lastIndexOf('@');
    // The null sender is nobody's.
    if (at === -1) return 'failed';
    if (allowed.has('*') || allowed.has(candidate) || allowed.has(candidate.slice(at + 1))) return 'authorized';
  }
  return 'noMatch';
}

function reply(code: number, enhanced: string, text: string): ReplyValue {
  return { code, enhanced, text };
}
