import type { ReplyValue } from '../../plan/plan.ts';
import { type UsernameNormalization, usernameNormalizers } from '../../text/username.ts';
import { judgeSender, type SenderVerdict, senderFindings } from '../checks/authorize-sender.ts';
import { driveNow } from '../drive.ts';
import { isFields, textAt } from '../plan-values.ts';
import type { Refusal } from '../question.ts';
import type { RoutedModule, RoutedUse, Routes } from '../routes.ts';
import type { Suppositions } from './request.ts';

type Stage = 'sender' | 'body';

interface Failure {
  readonly stage: Stage;
  readonly reply: ReplyValue;
  /** Directive that says what the failure does. */
  readonly action: string;
}

const generic: ReplyValue = { code: 550, enhanced: '5.7.0', text: 'Message rejected due to a local policy' };

/** How checks fail that are not supposed to pass; those that are not here fail for the sender, with a general reply. */
const failures: ReadonlyMap<string, Failure> = new Map([
  ['check.authorize_sender', { stage: 'sender', ...senderFindings.noMatch }],
  ['check.dkim', { stage: 'body', action: 'no_sig_action', reply: generic }],
  ['check.rspamd', { stage: 'body', action: 'reject_action', reply: generic }],
  ['check.milter', { stage: 'body', action: '', reply: generic }],
]);

export interface CheckSurroundings {
  readonly routes: Routes;
  readonly suppositions: Suppositions;
  /** User name of the login. */
  readonly auth: string | null;
  /** Null when only a running server can know. */
  readonly knownValues: (table: RoutedModule, key: string) => readonly string[] | null;
}

/** What checks say: what can be known is known, all else is supposed. */
export class CheckAnswers {
  /** Checks whose verdict was not supposed. */
  readonly known = new Set<RoutedModule>();
  readonly #surroundings: CheckSurroundings;

  constructor(surroundings: CheckSurroundings) {
    this.#surroundings = surroundings;
  }

  /** The refusal of the first check of a group that fails at a stage, or null. */
  refusal(checks: readonly RoutedUse[], stage: Stage, address: string): Refusal | null {
    for (const { module, at } of checks) {
      const failure = this.#failure(module, address);
      if (failure === null || failure.stage !== stage) continue;
      const action = module.plan.config[failure.action];
      if (isFields(action) && action.action !== 'reject' && typeof action.action === 'string') continue;
      const reply = isFields(action) && isReply(action.reply) ? action.reply : failure.reply;
      return { reply, at, reason: `${module.module} fails` };
    }
    return null;
  }

  #failure(module: RoutedModule, address: string): Failure | null {
    const sender = module.module === 'check.authorize_sender' ? this.#judgeSender(module, address) : null;
    if (sender !== null) {
      this.known.add(module);
      return sender === 'authorized' ? null : { stage: 'sender', ...senderFindings[sender] };
    }
    if (supposedVerdict(this.#surroundings.suppositions, module) === 'pass') return null;
    return failures.get(module.module) ?? { stage: 'sender', action: 'fail_action', reply: generic };
  }

  /** By the tables of the check; null when one of them is not known. */
  #judgeSender({ plan: { config } }: RoutedModule, address: string): SenderVerdict | null {
    const { routes, auth, knownValues } = this.#surroundings;
    const prepare = routes.moduleOf(config.prepare_email);
    const allowed = routes.moduleOf(config.user_to_email);
    if (prepare === null || allowed === null) return null;
    const policy = {
      prepare_email: prepare,
      user_to_email: allowed,
      auth_normalize: normalization(textAt(config, 'auth_normalize')),
      from_normalize: normalization(textAt(config, 'from_normalize')),
    };
    let isKnown = true;
    const verdict = driveNow(judgeSender(policy, auth, address), ({ table, key }) => {
      const values = knownValues(table, key);
      if (values === null) isKnown = false;
      return values ?? [];
    });
    return isKnown ? verdict : null;
  }
}

/** By block name, full name or name without its prefix. */
function supposedVerdict({ checks }: Suppositions, { module, name }: RoutedModule): 'pass' | 'fail' {
  const short = module.slice(module.indexOf('.') + 1);
  return (name === null ? undefined : checks.get(name)) ?? checks.get(module) ?? checks.get(short) ?? 'pass';
}

function normalization(name: string | null): UsernameNormalization {
  return name !== null && isNormalization(name) ? name : 'auto';
}

function isNormalization(name: string): name is UsernameNormalization {
  return Object.hasOwn(usernameNormalizers, name);
}

function isReply(value: unknown): value is ReplyValue {
  return (
    isFields(value) &&
    typeof value.code === 'number' &&
    typeof value.enhanced === 'string' &&
    typeof value.text === 'string'
  );
}
