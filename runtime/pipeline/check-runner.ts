import { after, afterwards, isLater } from '../../compiler/routing/later.ts';
import type { Refusal } from '../../compiler/routing/question.ts';
import type { RoutedModule, RoutedUse } from '../../compiler/routing/routes.ts';
import type { PipelineRun } from '../../compiler/routing/run.ts';
import { gather, settle } from '../eventually.ts';
import {
  type CheckFinding,
  type CheckRun,
  type CheckVerdict,
  type Eventually,
  type HeaderChange,
  type Message,
  type MessageContext,
  type NewField,
  type Reply,
  ReplyError,
} from '../module.ts';
import { reasonOf } from '../reason-of.ts';
import type { MethodResult } from './authentication-results.ts';
import type { PipelineServices } from './services.ts';

/** A check that cannot run says nothing about the message: its sender may try again (D1). */
const failedToRun: Reply = { code: 451, enhanced: '4.7.0', text: 'Check failed to run' };

/** For one stage of one check, in milliseconds. Clients wait five minutes for MAIL and RCPT (RFC 5321 section 4.5.3.2). */
const longestStage = 240_000;

type Stage = (check: CheckRun) => Eventually<CheckVerdict> | undefined;

interface Judgement {
  readonly use: RoutedUse;
  readonly verdict: CheckVerdict;
}

interface RunningCheck {
  readonly use: RoutedUse;
  readonly run: CheckRun;
  readonly recipients: Set<string>;
  hadBody: boolean;
}

/** The checks of one pipeline for one message: each runs once per stage, wherever it is named (runtime-core 11.2). */
export class CheckRunner {
  readonly #context: MessageContext;
  readonly #services: PipelineServices;
  readonly #running = new Map<RoutedModule, RunningCheck>();
  /** Results for Authentication-Results, and fields to add. */
  readonly authResults: MethodResult[] = [];
  readonly header: NewField[] = [];
  readonly headerChanges: HeaderChange[] = [];
  /** Applied to the message in the body stage (runtime-core 11.5). */
  quarantine = false;

  constructor(context: MessageContext, services: PipelineServices) {
    this.#context = context;
    this.#services = services;
  }

  sender(uses: readonly RoutedUse[], address: string): Eventually<Refusal | null> {
    return this.#catchUp(this.#start(uses), address, []);
  }

  /** A check that is met here for the first time is told what came before. */
  recipient(
    uses: readonly RoutedUse[],
    address: string,
    { checkedSender, checkedRecipients }: Pick<PipelineRun, 'checkedSender' | 'checkedRecipients'>,
  ): Eventually<Refusal | null> {
    const fresh = this.#start(uses);
    const caughtUp =
      fresh.length === 0 ? null : this.#catchUp(fresh, checkedSender, others(checkedRecipients, address));
    return after(caughtUp, (refusal) => refusal ?? this.#judgeRecipient(uses, address));
  }

  /** Who was refused and comes again is judged again. */
  #judgeRecipient(uses: readonly RoutedUse[], address: string): Eventually<Refusal | null> {
    const waiting = uses
      .flatMap(({ module }) => this.#running.get(module) ?? [])
      .filter(({ recipients }) => !recipients.has(address));
    return after(
      this.#stage(waiting, (check) => check.recipient?.(address)),
      (refusal) => {
        if (refusal === null) for (const { recipients } of waiting) recipients.add(address);
        return refusal;
      },
    );
  }

  body(uses: readonly RoutedUse[], message: Message): Eventually<Refusal | null> {
    const waiting = uses.flatMap(({ module }) => this.#running.get(module) ?? []).filter(({ hadBody }) => !hadBody);
    for (const check of waiting) check.hadBody = true;
    return this.#stage(waiting, (check) => check.body?.(message));
  }

  /** The message is through or given up. */
  end(): void {
    for (const { run } of this.#running.values()) run.end?.();
    this.#running.clear();
  }

  #start(uses: readonly RoutedUse[]): readonly RunningCheck[] {
    const fresh: RunningCheck[] = [];
    for (const use of uses) {
      if (this.#running.has(use.module)) continue;
      const run = this.#services.instanceOf(use.module).check?.start(this.#context) ?? {};
      const check: RunningCheck = { use, run, recipients: new Set(), hadBody: false };
      this.#running.set(use.module, check);
      fresh.push(check);
    }
    return fresh;
  }

  /**
   * All that came before the first recipient of new checks. When one of them refuses, all are forgotten with what they have
   * found: the next recipient must not pass because an earlier one has used up the refusal.
   */
  #catchUp(fresh: readonly RunningCheck[], sender: string, recipients: readonly string[]): Eventually<Refusal | null> {
    if (fresh.length === 0) return null;
    const forget = this.#forgetting(fresh);
    const refused = this.#chain([
      () => this.#stage(fresh, (check) => check.connection?.()),
      () => this.#stage(fresh, (check) => check.sender?.(sender)),
      ...recipients.map((address) => () => this.#stage(fresh, (check) => check.recipient?.(address))),
    ]);
    return after(refused, (refusal) => {
      if (refusal !== null) forget();
      return refusal;
    });
  }

  #forgetting(fresh: readonly RunningCheck[]): () => void {
    const { quarantine } = this;
    const findings = [this.authResults, this.header, this.headerChanges];
    const before = findings.map(({ length }) => length);
    return () => {
      this.quarantine = quarantine;
      for (const [at, found] of findings.entries()) found.length = before[at] ?? 0;
      for (const { use, run } of fresh) {
        this.#running.delete(use.module);
        run.end?.();
      }
    };
  }

  #chain(steps: readonly (() => Eventually<Refusal | null>)[]): Eventually<Refusal | null> {
    for (const [at, step] of steps.entries()) {
      const result = step();
      if (isLater(result)) return afterwards(result, (refusal) => refusal ?? this.#chain(steps.slice(at + 1)), null);
      if (result !== null) return result;
    }
    return null;
  }

  /** All checks of a group at once; a refusal of any of them outweighs what the others say. */
  #stage(checks: readonly RunningCheck[], stage: Stage): Eventually<Refusal | null> {
    if (checks.length === 0) return null;
    const judgements = checks.map(({ use, run }) => this.#judge(use, run, stage));
    return after(gather(judgements), (all) => this.#weigh(all));
  }

  #judge(use: RoutedUse, run: CheckRun, stage: Stage): Eventually<Judgement> {
    const failed = (error: unknown): Judgement => {
      this.#services.log.error('check failed to run', error, this.#fields(use));
      const reason = reasonOf(error);
      return { use, verdict: { kind: 'reject', reply: failedToRun, reason } };
    };
    return settle(
      () => {
        const verdict = stage(run) ?? ({ kind: 'pass' } as const);
        return isLater(verdict) ? withinTime(verdict) : verdict;
      },
      (verdict) => ({ use, verdict }),
      failed,
    );
  }

  #weigh(judgements: readonly Judgement[]): Refusal | null {
    for (const { use, verdict } of judgements) {
      if (verdict.kind !== 'reject') continue;
      const { reply, reason, fields } = verdict;
      this.#services.metrics.count('maddy_check_reject', { check: checkName(use) });
      const cause = new ReplyError(reply, { check: checkName(use), reason, ...fields });
      return { reply, at: use.at, reason, cause };
    }
    for (const { use, verdict } of judgements) {
      this.authResults.push(...(verdict.authResults ?? []));
      this.header.push(...(verdict.header ?? []));
      this.headerChanges.push(...(verdict.headerChanges ?? []));
      if (verdict.kind !== 'pass') this.#note(use, verdict);
    }
    return null;
  }

  #note(use: RoutedUse, { kind, reply, reason, fields }: CheckFinding): void {
    const said = { reason, smtp_code: reply.code, smtp_enchcode: reply.enhanced, smtp_msg: reply.text };
    const line = kind === 'quarantine' ? 'quarantined' : 'no check action';
    this.#services.log.message(line, { ...this.#fields(use), ...said, ...fields });
    if (kind !== 'quarantine') return;
    this.#services.metrics.count('maddy_check_quarantined', { check: checkName(use) });
    this.quarantine = true;
  }

  #fields(use: RoutedUse): Readonly<Record<string, unknown>> {
    return { check: checkName(use), msg_id: this.#context.id };
  }
}

function others(addresses: readonly string[], address: string): readonly string[] {
  return [...new Set(addresses)].filter((other) => other !== address);
}

/** Whatever a check waits for, its client is told something before it goes away. */
async function withinTime(verdict: PromiseLike<CheckVerdict>): Promise<CheckVerdict> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no verdict after ${longestStage / 1000} s`)), longestStage);
  try {
    return await Promise.race([verdict, promise]);
  } finally {
    clearTimeout(timer);
  }
}

function checkName({ module }: RoutedUse): string {
  return module.module;
}
