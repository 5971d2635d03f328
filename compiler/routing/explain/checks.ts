import type { ReplyValue } from '../../plan/plan.ts';
import { isFields } from '../plan-values.ts';
import type { Refusal } from '../question.ts';
import type { RoutedModule, RoutedUse } from '../routes.ts';
import type { Suppositions } from './request.ts';

interface Failure {
  readonly stage: 'sender' | 'body';
  readonly reply: ReplyValue;
  /** Directive that says what the failure does. */
  readonly action: string;
}

const generic: ReplyValue = { code: 550, enhanced: '5.7.0', text: 'Message rejected due to a local policy' };

/** How the checks that are known by name fail; all others fail for the sender, with a general reply. */
const failures: ReadonlyMap<string, Failure> = new Map([
  [
    'check.authorize_sender',
    {
      stage: 'sender',
      action: 'no_match_action',
      reply: { code: 553, enhanced: '5.7.0', text: 'Unauthorized use of sender address' },
    },
  ],
  ['check.dkim', { stage: 'body', action: 'no_sig_action', reply: generic }],
  ['check.rspamd', { stage: 'body', action: 'reject_action', reply: generic }],
  ['check.milter', { stage: 'body', action: '', reply: generic }],
]);

/** Whether a check is supposed to pass: by block name, full name or name without its prefix. */
export function supposedVerdict(suppositions: Suppositions, { module, name }: RoutedModule): 'pass' | 'fail' {
  const { checks } = suppositions;
  const short = module.slice(module.indexOf('.') + 1);
  return (name === null ? undefined : checks.get(name)) ?? checks.get(module) ?? checks.get(short) ?? 'pass';
}

/** The refusal of the first check of a group that fails at a stage, or null. */
export function refusalOf(
  checks: readonly RoutedUse[],
  stage: 'sender' | 'body',
  suppositions: Suppositions,
): Refusal | null {
  for (const { module, at } of checks) {
    if (supposedVerdict(suppositions, module) === 'pass') continue;
    const failure = failures.get(module.module) ?? { stage: 'sender', action: 'fail_action', reply: generic };
    if (failure.stage !== stage) continue;
    const action = module.plan.config[failure.action];
    if (isFields(action) && action.action !== 'reject' && typeof action.action === 'string') continue;
    const reply = isFields(action) && isReply(action.reply) ? action.reply : failure.reply;
    return { reply, at, reason: `${module.module} fails` };
  }
  return null;
}

function isReply(value: unknown): value is ReplyValue {
  return (
    isFields(value) &&
    typeof value.code === 'number' &&
    typeof value.enhanced === 'string' &&
    typeof value.text === 'string'
  );
}
