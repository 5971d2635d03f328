import { drive } from '../../compiler/routing/drive.ts';
import { after, afterwards, isLater, type Pending } from '../../compiler/routing/later.ts';
import type { DeliverQuestion, LookupQuestion, Question, Refusal, Reply } from '../../compiler/routing/question.ts';
import { routeRecipient, routeSender } from '../../compiler/routing/route.ts';
import type { Pipeline } from '../../compiler/routing/routes.ts';
import {
  bodyModifiersOf,
  checksOf,
  createMessage,
  createRun,
  type Outlet,
  type PipelineRun,
  type StepListener,
} from '../../compiler/routing/run.ts';
import type { JudgedMessage } from '../dmarc/report-data/observation.ts';
import { gather, inTurn, settle } from '../eventually.ts';
import { type Eventually, type Message, type MessageContext, type MessageHeader, ReplyError } from '../module.ts';
import { authenticationResults, type MethodResult } from './authentication-results.ts';
import { CheckRunner } from './check-runner.ts';
import { logBodyTaken, logStarted } from './debug-lines.ts';
import { decideDmarc, dmarcRefusal, findDmarcPolicy } from './dmarc.ts';
import { OpenDelivery, type Report } from './open-delivery.ts';
import { toRefusal, toReplyError } from './refusals.ts';
import type { PipelineServices } from './services.ts';

export interface DeliveryOptions {
  readonly context: MessageContext;
  readonly pipeline: Pipeline;
  readonly services: PipelineServices;
  /** Completes a bare `postmaster` (D24); clean form. */
  readonly domain: string;
  readonly listener: StepListener | null;
  /** Trace and check fields are written: not at a delivery door (D14). */
  readonly writesHeader: boolean;
  /** Adds the Received field of this hop; only the endpoint's own pipeline has one. */
  readonly stamp: ((header: MessageHeader) => Eventually<void>) | null;
}

/** Mail is tried again: databases come back. Not an internal error, since its cause is known (D1). */
const tableUnavailable: Refusal['reply'] = {
  code: 451,
  enhanced: '4.3.0',
  text: 'Table cannot be read, try again later',
};

/** One message on its way through a pipeline, and all pipelines behind it, to its targets. */
export class MessageDelivery {
  readonly #options: DeliveryOptions;
  readonly #root: PipelineRun;
  /** Most messages pass no check. */
  #checks: Map<PipelineRun, CheckRunner> | null = null;
  readonly #open = new Map<Outlet, OpenDelivery>();
  /** Of the recipient that is being routed. */
  #recipient = 0;
  #isCounted = false;

  constructor(options: DeliveryOptions) {
    this.#options = options;
    const message = createMessage(options.domain, (question) => this.#answer(question), options.listener);
    this.#root = createRun(options.pipeline, message);
  }

  /** Sender stage; `from` in clean form. */
  start(from: string): Eventually<Refusal | null> {
    return drive(routeSender(this.#root, from), itself);
  }

  /** Recipient stage; `to` in clean form. `number` names the recipient in reports. */
  addRecipient(to: string, original: string, number: number): Eventually<Refusal | null> {
    this.#recipient = number;
    return drive(routeRecipient(this.#root, to, original), itself);
  }

  #answer(question: Question): Eventually<Reply> {
    switch (question.ask) {
      case 'lookup':
        return this.#lookup(question);
      case 'check': {
        const runner = this.#runnerOf(question.run);
        return question.stage === 'sender'
          ? runner.sender(question.checks, question.address)
          : runner.recipient(question.checks, question.address, question.run);
      }
      case 'deliver':
        return this.#deliver(question);
    }
  }

  #lookup({ table, key, by }: LookupQuestion): Eventually<Reply> {
    try {
      const values = this.#options.services.instanceOf(table).table?.lookup(key) ?? [];
      return isLater(values)
        ? afterwards<readonly string[], Reply>(
            values,
            (found) => found,
            (error) => this.#lookupFailed(by, error),
          )
        : values;
    } catch (error) {
      return this.#lookupFailed(by, error);
    }
  }

  #lookupFailed(by: LookupQuestion['by'], error: unknown): Refusal {
    const { services, context } = this.#options;
    if (by.endsWith('_in')) services.log.error(`${by} lookup failed`, error, { msg_id: context.id });
    const refusal = toRefusal(error);
    return error instanceof ReplyError ? refusal : { ...refusal, reply: tableUnavailable };
  }

  #deliver({ outlet, recipient, original }: DeliverQuestion): Eventually<Reply> {
    const number = this.#recipient;
    return settle<void, Reply>(
      () => after(this.#opened(outlet), (delivery) => delivery.add(recipient, original, number)),
      () => null,
      toRefusal,
    );
  }

  /** One delivery per target and message, opened by its first recipient. */
  #opened(outlet: Outlet): Eventually<OpenDelivery> {
    const known = this.#open.get(outlet);
    if (known !== undefined) return known;
    const { services, context } = this.#options;
    const { target, run } = outlet;
    const instance = target === null ? undefined : services.instanceOf(target).target;
    if (target === null || instance === undefined)
      throw new Error(`${target?.module ?? 'reroute'} is no delivery target`);
    return after(instance.start(context, run.sender), (delivery) => {
      if (services.log.debugEnabled) logStarted(services.log, context.id, run.sender, target);
      const open = new OpenDelivery(delivery);
      this.#open.set(outlet, open);
      return open;
    });
  }

  #runnerOf(run: PipelineRun): CheckRunner {
    this.#checks ??= new Map();
    let runner = this.#checks.get(run);
    if (runner === undefined) {
      runner = new CheckRunner(this.#options.context, this.#options.services);
      this.#checks.set(run, runner);
    }
    return runner;
  }

  /**
   * Body stage: checks, trace and check fields, modifiers, then the targets one after another. A refusal is for all
   * recipients; otherwise each has been reported on.
   */
  body(message: Message, report: Report): Eventually<ReplyError | null> {
    return this.#bodyOf(this.#root, message, report);
  }

  #bodyOf(run: PipelineRun, message: Message, report: Report): Eventually<ReplyError | null> {
    const runner = this.#checks?.get(run);
    const isJudged = runner !== undefined || run.pipeline.dmarc;
    return after(isJudged ? this.#judge(run, runner, message) : noResults, (results) => {
      if (results instanceof ReplyError) return results;
      // Checks have seen the bytes as received; what goes on is sound (D23).
      const sound = message.body.repaired === undefined ? message : { ...message, body: message.body.repaired };
      const passed =
        run.depth === 0 ? this.#withReceived(run, sound, message) : { ...sound, header: message.header.copy() };
      for (const change of runner?.headerChanges ?? []) passed.header.change(change);
      const stamp = run === this.#root ? this.#options.stamp : null;
      return after(stamp?.(passed.header), () => {
        if (runner?.quarantine) message.context.quarantined = true;
        if (this.#options.writesHeader) this.#writeResults(passed.header, results, runner?.header ?? []);
        return after(this.#modify(run, passed), () =>
          after(
            inTurn(run.outlets.values(), (outlet) => this.#bodyTo(outlet, passed, report)),
            () => null,
          ),
        );
      });
    });
  }

  /** The header is changed in place; some of those who change it want to know how it was. */
  #withReceived(run: PipelineRun, sound: Message, { header, body }: Message): Message {
    return bodyModifiersOf(run).length > 0 || leadsOn(run)
      ? { ...sound, received: { header: header.copy(), body } }
      : sound;
  }

  /** What the checks of a pipeline found, or why the message is refused. */
  async #judge(
    run: PipelineRun,
    runner: CheckRunner | undefined,
    message: Message,
  ): Promise<readonly MethodResult[] | ReplyError> {
    const { policySearch } = this.#options.services;
    // Asked while the checks run.
    const policy = run.pipeline.dmarc ? findDmarcPolicy(message.header, policySearch) : null;
    // When a check refuses the message, nobody waits for it.
    policy?.catch(() => {});
    for (const group of runner === undefined ? [] : checksOf(run)) {
      const refusal = await runner?.body(group, message);
      if (refusal) return toReplyError(refusal);
    }
    const results = [...(runner?.authResults ?? [])];
    if (policy !== null) {
      const found = await policy;
      const decision = await decideDmarc(found, results, policySearch, Math.random());
      this.#noteDecision(message.context, { policy: found, decision, results });
      if (decision.disposition === 'reject') return toReplyError(dmarcRefusal(decision.result, run.pipeline.at));
      if (decision.disposition === 'quarantine') this.#quarantineByDmarc(message, decision.result);
      results.push(decision.result);
    }
    return results;
  }

  #modify(run: PipelineRun, message: Message): Eventually<void> {
    const { instanceOf } = this.#options.services;
    return inTurn(bodyModifiersOf(run), ({ module }) => instanceOf(module).modifier?.body?.(message, run.sender));
  }

  #bodyTo(outlet: Outlet, message: Message, report: Report): Eventually<void> {
    const { next } = outlet;
    if (next !== null) {
      return after(this.#bodyOf(next, message, report), (refusal) =>
        refusal === null ? undefined : this.#giveUp(next, (recipient) => report(recipient, refusal)),
      );
    }
    const delivery = this.#open.get(outlet);
    if (delivery === undefined || delivery.recipients.length === 0) return undefined;
    return after(delivery.body(message, report), (isDelivered) => {
      if (!isDelivered) {
        this.#open.delete(outlet);
        return delivery.abort();
      }
      if (this.#options.services.log.debugEnabled) logBodyTaken(this.#options.services.log, message.context.id);
    });
  }

  /** A pipeline that refuses the content: what is open behind it ends. */
  async #giveUp(run: PipelineRun, report: (recipient: number) => void): Promise<void> {
    for (const outlet of run.outlets.values()) {
      if (outlet.next !== null) {
        await this.#giveUp(outlet.next, report);
        continue;
      }
      const delivery = this.#open.get(outlet);
      this.#open.delete(outlet);
      for (const recipient of delivery?.recipients ?? []) report(recipient);
      await delivery?.abort();
    }
  }

  /** A message counts once, however many pipelines on its way ask for DMARC. */
  #noteDecision(context: MessageContext, judged: Pick<JudgedMessage, 'policy' | 'decision' | 'results'>): void {
    if (this.#isCounted) return;
    this.#isCounted = true;
    const { dmarcReports } = this.#options.services;
    dmarcReports?.note({ ...judged, source: context.client?.address ?? null, envelopeFrom: context.originalFrom });
  }

  #quarantineByDmarc({ context }: Message, { reason }: MethodResult): void {
    const { log, metrics } = this.#options.services;
    log.message('quarantined', { check: 'dmarc', msg_id: context.id, reason });
    metrics.count('maddy_check_quarantined', { check: 'dmarc' });
    context.quarantined = true;
  }

  #writeResults(header: MessageHeader, results: readonly MethodResult[], fields: CheckRunner['header']): void {
    const value = authenticationResults(this.#options.services.hostname, results);
    if (value !== null) header.prepend('Authentication-Results', value);
    for (const field of fields.toReversed()) {
      if (Buffer.isBuffer(field)) header.prependRaw(field);
      else header.prepend(...field);
    }
  }

  /** Makes all deliveries final that took the content; failures are reported. */
  commit(report: Report): Eventually<void> {
    this.#endChecks();
    return inTurn(this.#takeOpen(), (delivery) =>
      delivery.recipients.length === 0 ? delivery.abort() : delivery.commit(report),
    );
  }

  #endChecks(): void {
    for (const runner of this.#checks?.values() ?? []) runner.end();
    this.#checks = null;
  }

  /** Gives up what is open. Never throws. */
  abort(): Eventually<void> {
    this.#endChecks();
    if (this.#open.size === 0) return;
    return after(gather(this.#takeOpen().map((delivery) => delivery.abort())), () => {});
  }

  #takeOpen(): readonly OpenDelivery[] {
    if (this.#open.size === 0) return [];
    const open = [...this.#open.values()];
    this.#open.clear();
    return open;
  }
}

/** Another pipeline gets the message. */
function leadsOn({ outlets }: PipelineRun): boolean {
  for (const { next } of outlets.values()) if (next !== null) return true;
  return false;
}

const noResults: readonly MethodResult[] = [];

/** The router waits for answers that come later, and has all others at once. */
function itself<T>(later: Pending<T>): Pending<T> {
  return later;
}
