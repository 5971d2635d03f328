import type { PlanEndpoint, ReplyValue } from '../../plan/plan.ts';
import { isAscii } from '../../text/ascii.ts';
import { cleanDomain } from '../../text/domain.ts';
import { wireReply } from '../../text/reply.ts';
import { driveNow } from '../drive.ts';
import { acceptRecipient, acceptSender } from '../envelope.ts';
import { flagAt, textAt } from '../plan-values.ts';
import { type CheckQuestion, isRefusal, type Question, type Refusal, type Reply, type Routing } from '../question.ts';
import { routeRecipient, routeSender } from '../route.ts';
import type { Pipeline, RoutedModule, RoutedUse } from '../routes.ts';
import { createMessage, createRun, type Outlet, type PipelineRun, type RoutedMessage, type RouteStep } from '../run.ts';
import { WireTransaction } from '../wire-address.ts';
import type { CheckAnswers } from './checks.ts';
import type { ExplainedStep, Fate, RouteDelivery, RouteRequest, Stage } from './request.ts';
import { readRecipient, readSender } from './session-rules.ts';

/** What one run tells about one recipient. */
export interface RecipientTrace extends Fate {
  /** The sender is refused: every other recipient would hear the same. */
  readonly senderRefused: boolean;
  readonly steps: readonly ExplainedStep[];
}

/** What brings mail: an endpoint, or a queue with a bounce. */
export type EntryPoint = Pick<PlanEndpoint, 'module' | 'config'>;

export type Envelope = Pick<RouteRequest, 'auth' | 'from' | 'to' | 'smtputf8'>;

export interface Surroundings {
  readonly checks: CheckAnswers;
  /** Answers from tables that are known, or from the oracle. */
  readonly ask: (table: RoutedModule, key: string, by: string) => readonly string[];
  /** The steps also say which rules do not match. */
  readonly tellsPassedOver: boolean;
}

const quarantinedReply: ReplyValue = {
  code: 550,
  enhanced: '5.7.0',
  text: 'Refusing to deliver quarantined message',
};

/** They tell another server about a message. */
const speakingTargets: ReadonlySet<string> = new Set(['target.lmtp', 'target.remote', 'target.smtp']);

/** Queues one behind the other; a plan that is not refused has fewer. */
const deepestQueue = 8;

/** Takes one envelope through an endpoint, as the session and the router would. */
export function runEnvelope(
  surroundings: Surroundings,
  endpoint: EntryPoint,
  pipeline: Pipeline,
  request: Envelope,
): readonly RecipientTrace[] {
  return new EnvelopeRun(surroundings, endpoint, pipeline, request).result();
}

class EnvelopeRun {
  readonly #surroundings: Surroundings;
  readonly #endpoint: EntryPoint;
  readonly #request: Envelope;
  readonly #message: RoutedMessage;
  readonly #root: PipelineRun;
  readonly #smtputf8: boolean;
  /** Of the recipient at hand; before the first one, of the sender stage. */
  #steps: ExplainedStep[] = [];
  #deliveries: RouteDelivery[] = [];
  #via: readonly (string | null)[] = [];
  /** As the newest check of the sender stage heard it. */
  readonly #senders = new Map<PipelineRun, string>();
  #isQuarantined = false;
  /** Where the message leaves this server; behind a queue, where it enters the first one. */
  #outlet: Outlet | null = null;
  readonly #transactions = new Map<Outlet, Map<string, WireTransaction>>();

  constructor(surroundings: Surroundings, endpoint: EntryPoint, pipeline: Pipeline, request: Envelope) {
    this.#surroundings = surroundings;
    this.#endpoint = endpoint;
    this.#request = request;
    const hostname = textAt(endpoint.config, 'hostname') ?? '';
    this.#message = createMessage(
      cleanDomain(hostname) ?? hostname,
      (question) => this.#answer(question),
      (step) => this.#tell(step),
      surroundings.tellsPassedOver,
    );
    this.#root = createRun(pipeline, this.#message);
    this.#smtputf8 = request.smtputf8 ?? [request.from, ...request.to].some((address) => !isAscii(address));
  }

  result(): readonly RecipientTrace[] {
    const { auth, from, to } = this.#request;
    const named = readSender(this.#endpoint, auth, from);
    if (typeof named !== 'string') return to.map(() => ({ ...this.#refused(named, 'mail'), senderRefused: true }));
    const sender = acceptSender(named, this.#smtputf8);
    const refusal = isRefusal(sender) ? sender : this.#drive(routeSender(this.#root, sender));
    const senderSteps = this.#steps;
    const deferred = flagAt(this.#endpoint.config, 'defer_sender_reject', true);
    const traces = to.map((recipient): RecipientTrace => {
      this.#steps = [...senderSteps];
      this.#deliveries = [];
      if (refusal !== null && !deferred) return { ...this.#refused(refusal.reply, 'mail'), senderRefused: true };
      return this.#recipient(recipient, refusal);
    });
    return this.#bodyStage(traces);
  }

  /** `ofSender`: why the sender is refused, which waits for a recipient to be told of. */
  #recipient(to: string, ofSender: Refusal | null): RecipientTrace {
    const named = readRecipient(to);
    if (typeof named !== 'string') return this.#refused(named, 'rcpt');
    if (ofSender !== null) return { ...this.#refused(ofSender.reply, 'rcpt'), senderRefused: true };
    const recipient = acceptRecipient(named, this.#smtputf8);
    const refusal = isRefusal(recipient) ? recipient : this.#drive(routeRecipient(this.#root, recipient, named));
    if (refusal !== null) return this.#refused(refusal.reply, 'rcpt');
    return {
      outcome: 'delivered',
      deliveries: this.#deliveries,
      reply: null,
      stage: null,
      quarantined: false,
      senderRefused: false,
      steps: this.#steps,
    };
  }

  /** Checks that look at the content refuse the message, or put it aside, for all recipients that were accepted. */
  #bodyStage(traces: readonly RecipientTrace[]): readonly RecipientTrace[] {
    if (traces.every(({ outcome }) => outcome !== 'delivered')) return traces;
    const refusal = this.#bodyRefusal(this.#root);
    if (refusal === null && !this.#isQuarantined) return traces;
    return traces.map((trace) => {
      if (trace.outcome !== 'delivered') return trace;
      const refused = refusal?.reply ?? this.#refusedAside(trace);
      if (refused === null) return { ...trace, quarantined: this.#isQuarantined };
      this.#steps = [...trace.steps];
      this.#deliveries = [];
      return this.#refused(refused, 'data');
    });
  }

  /** Mail that was put aside does not leave (runtime-mta 6.2). */
  #refusedAside({ deliveries }: RecipientTrace): ReplyValue | null {
    const leaves = deliveries.some(({ target, via }) => target === 'target.remote' && via.length === 0);
    return this.#isQuarantined && leaves ? quarantinedReply : null;
  }

  #bodyRefusal(run: PipelineRun): Refusal | null {
    const { pipeline, source } = run;
    let refusal = this.#judgeBody(pipeline.checks) ?? (source === null ? null : this.#judgeBody(source.checks));
    for (const { checks } of run.destinations) refusal ??= this.#judgeBody(checks);
    refusal ??= this.#heed(this.#surroundings.checks.judgeContent(pipeline));
    for (const { next } of run.outlets.values()) if (next !== null) refusal ??= this.#bodyRefusal(next);
    return refusal;
  }

  #judgeBody(checks: readonly RoutedUse[]): Refusal | null {
    if (checks.length === 0) return null;
    return this.#heed(this.#surroundings.checks.judge(checks, 'body', this.#request.from));
  }

  #heed(judgement: Refusal | 'quarantine' | null): Refusal | null {
    if (judgement !== 'quarantine') return judgement;
    this.#isQuarantined = true;
    return null;
  }

  #refused(reply: ReplyValue, stage: Stage): RecipientTrace {
    const outcome = reply.code < 500 ? 'deferred' : 'rejected';
    return {
      outcome,
      deliveries: this.#deliveries,
      reply: wireReply(reply, this.#smtputf8),
      stage,
      quarantined: false,
      senderRefused: false,
      steps: this.#steps,
    };
  }

  #drive(machine: Routing): Refusal | null {
    return driveNow(machine, () => {
      throw new Error('answers of the files do not come later');
    });
  }

  #answer(question: Question): Reply {
    switch (question.ask) {
      case 'lookup':
        return this.#surroundings.ask(question.table, question.key, question.by);
      case 'check':
        return this.#check(question);
      case 'deliver': {
        const { outlet, recipient } = question;
        if (outlet.target === null) return null;
        if (this.#via.length === 0) this.#outlet = outlet;
        return this.#deliver(outlet.target, outlet.run.sender, recipient);
      }
    }
  }

  /** Checks of destination blocks are met at RCPT and hear the sender before (runtime-core 11.2). */
  #check({ stage, checks, address, run }: CheckQuestion): Refusal | null {
    const { checks: answers } = this.#surroundings;
    if (stage === 'sender') {
      this.#senders.set(run, address);
      return this.#heed(answers.judge(checks, 'sender', address));
    }
    const isLate = checks !== run.pipeline.checks && checks !== run.source?.checks;
    const sender = this.#senders.get(run) ?? run.sender;
    const refusal = isLate ? this.#heed(answers.judge(checks, 'sender', sender)) : null;
    return refusal ?? this.#heed(answers.judge(checks, 'recipient', sender));
  }

  #deliver(target: RoutedModule, sender: string, recipient: string): Refusal | null {
    if (target.queue === null || this.#via.length === deepestQueue) {
      const { module, name, plan, scope } = target;
      const unsendable = this.#unsendable(target, sender, recipient);
      if (unsendable !== null) return { reply: unsendable, at: null, reason: 'the next server cannot be told of it' };
      this.#deliveries.push({
        target: module,
        name,
        sender,
        recipient,
        via: this.#via,
        scope,
        at: plan.at,
      });
      return null;
    }
    const { queue } = target;
    const outside = this.#via;
    this.#tell({ kind: 'queue', name: target.name, bounce: queue.bounce?.at ?? null, depth: 0, at: target.plan.at });
    this.#via = [...outside, target.name];
    if (queue.target.pipeline === null) this.#deliver(queue.target, sender, recipient);
    else this.#behindQueue(queue.target.pipeline, sender, recipient);
    this.#via = outside;
    return null;
  }

  /** What the client of the next server refuses by itself, with the transaction that the message shares there. */
  #unsendable({ module, plan }: RoutedModule, sender: string, recipient: string): ReplyValue | null {
    if (this.#outlet === null || !speakingTargets.has(module)) return null;
    const server = module === 'target.remote' ? recipient.slice(recipient.lastIndexOf('@')) : '';
    const key = `${plan.at}${server}`;
    const open = this.#transactions.get(this.#outlet) ?? new Map<string, WireTransaction>();
    const transaction = open.get(key) ?? new WireTransaction(sender, recipient, this.#smtputf8);
    this.#transactions.set(this.#outlet, open.set(key, transaction));
    return transaction.refusalOf(recipient);
  }

  /** What is refused behind a queue is bounced: the queue has already taken the message. */
  #behindQueue(pipeline: Pipeline, sender: string, recipient: string): void {
    const run = createRun(pipeline, this.#message);
    if (this.#drive(routeSender(run, sender)) === null) this.#drive(routeRecipient(run, recipient, recipient));
  }

  #tell(step: RouteStep | ExplainedStep): void {
    // Each modifier has told its own result.
    if (step.kind === 'rewritten') return;
    const depth = step.depth + this.#via.length;
    if (step.kind === 'check') {
      this.#steps.push({ ...step, depth, assumed: this.#surroundings.checks.supposedOf(step.module) });
    } else this.#steps.push(depth === step.depth ? step : { ...step, depth });
  }
}
