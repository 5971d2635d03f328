import type { PlanModule, ReplyValue } from '../../plan/plan.ts';
import { type UsernameNormalization, usernameNormalizers } from '../../text/username.ts';
import { judgeSender, type SenderVerdict, senderFindings } from '../checks/authorize-sender.ts';
import { driveNow } from '../drive.ts';
import { isFields, textAt } from '../plan-values.ts';
import type { Refusal } from '../question.ts';
import type { Pipeline, RoutedModule, RoutedUse, Routes } from '../routes.ts';
import { dmarcVerdicts, type Verdict, verdictOf } from './check-verdicts.ts';
import { type Suppositions, shortName } from './request.ts';

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
  readonly #known = new Set<RoutedModule>();
  #dmarc: string | null = null;
  readonly #surroundings: CheckSurroundings;

  constructor(surroundings: CheckSurroundings) {
    this.#surroundings = surroundings;
  }

  /** What DMARC was supposed to say; null as long as nobody has asked. */
  get dmarc(): string | null {
    return this.#dmarc;
  }

  /** What a group says at a stage: the refusal of the first check that refuses, whether one puts the message aside, or null. */
  judge(checks: readonly RoutedUse[], stage: Verdict['stage'], address: string): Refusal | 'quarantine' | null {
    let isQuarantined = false;
    for (const { module, at } of checks) {
      const verdict = this.#verdict(module, address);
      if (verdict === null || stageOf(module.plan, verdict) !== stage) continue;
      const { action, reply } = treatmentOf(module.plan, verdict);
      if (action === 'quarantine') isQuarantined = true;
      if (action === 'reject') return { reply, at, reason: `${module.module} fails` };
    }
    return isQuarantined ? 'quarantine' : null;
  }

  /** What DMARC says about the message (runtime-mta 14.3). */
  judgeContent(pipeline: Pipeline): Refusal | 'quarantine' | null {
    if (!pipeline.dmarc) return null;
    this.#dmarc = this.#surroundings.suppositions.checks.get('dmarc') ?? 'pass';
    const verdict = dmarcVerdicts[this.#dmarc];
    if (verdict === undefined) return null;
    return verdict.usual === 'quarantine'
      ? 'quarantine'
      : { reply: verdict.reply, at: pipeline.at, reason: 'DMARC check failed' };
  }

  /** The verdict that a check was supposed to give; null for one that gave its own. */
  supposedOf(module: RoutedModule): string | null {
    return this.#known.has(module) ? null : supposedVerdict(this.#surroundings.suppositions, module);
  }

  #verdict(module: RoutedModule, address: string): Verdict | null {
    // What the tables say need not be supposed.
    const sender = module.module === 'check.authorize_sender' ? this.#judgeSender(module, address) : null;
    if (sender === null) return verdictOf(module.module, supposedVerdict(this.#surroundings.suppositions, module));
    this.#known.add(module);
    return sender === 'authorized' ? null : { stage: 'sender', usual: 'reject', ...senderFindings[sender] };
  }

  /** By the tables of the check; null when one of them is not known. */
  #judgeSender({ plan: { config } }: RoutedModule, address: string): SenderVerdict | null {
    const { routes, auth, knownValues } = this.#surroundings;
    const prepare = routes.moduleOf(config.prepare_email);
    const allowed = routes.moduleOf(config.user_to_email);
    if (prepare === null || allowed === null) return null;
    if (auth === null) return 'notLoggedIn';
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

/** What becomes of a message of which a check says this. */
export function treatmentOf(
  { config }: Pick<PlanModule, 'config'>,
  { action, exitCode, usual, reply }: Verdict,
): { readonly action: Verdict['usual']; readonly reply: ReplyValue } {
  const ofAction = action === undefined ? undefined : config[action];
  const given = exitCode === undefined ? ofAction : treatmentOfExit(config.code, exitCode);
  if (!isFields(given)) return { action: usual, reply };
  return {
    action: isTreatment(given.action) ? given.action : usual,
    reply: isReply(given.reply) ? given.reply : reply,
  };
}

/** Of the `code` directives of `check.command`; the last one holds. */
function treatmentOfExit(codes: unknown, exitCode: number): unknown {
  return Array.isArray(codes) ? codes.findLast((code) => isFields(code) && code.exitCode === exitCode) : undefined;
}

function isTreatment(value: unknown): value is Verdict['usual'] {
  return value === 'reject' || value === 'quarantine' || value === 'ignore';
}

const commandStages: Readonly<Record<string, Verdict['stage']>> = {
  conn: 'sender',
  sender: 'sender',
  rcpt: 'recipient',
};

/** A verdict may come earlier than usual. */
export function stageOf({ module, config }: Pick<PlanModule, 'module' | 'config'>, verdict: Verdict): Verdict['stage'] {
  if (module === 'check.command') return commandStages[textAt(config, 'run_on') ?? 'body'] ?? 'body';
  return module === 'check.spf' && config.enforce_early === true ? 'sender' : verdict.stage;
}

/** By block name, full name or name without its prefix. */
export function supposedVerdict(
  { checks }: Pick<Suppositions, 'checks'>,
  module: Pick<PlanModule, 'module' | 'name'>,
): string {
  const byName = module.name === null ? undefined : checks.get(module.name);
  return byName ?? checks.get(module.module) ?? checks.get(shortName(module)) ?? 'pass';
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
