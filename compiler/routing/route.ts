import { isBarePostmaster } from '../text/address.ts';
import { chooseBlock } from './choose.ts';
import { isRefusal, type Routing } from './question.ts';
import { refuse } from './refusals.ts';
import { rewriteRecipient, rewriteSender } from './rewrite.ts';
import type { DeliveryRule, DestinationBlock, RoutedUse } from './routes.ts';
import { outletFor, type PipelineRun } from './run.ts';

/** Pipelines one inside another: far above any configuration that ends, far below the stack. */
const deepestPipeline = 30;
/** Pipelines entered for one recipient: lists of lists that multiply must end too. */
const mostPipelines = 10_000;

/** Sender stage (runtime-core 11.2). `from` is in clean form, empty for the null sender. */
export function* routeSender(run: PipelineRun, from: string): Routing {
  const { pipeline } = run;
  const refusedByChecks = yield* check(run, 'sender', pipeline.checks, from);
  if (refusedByChecks !== null) return refusedByChecks;
  const modified = yield* rewriteSender(run, pipeline.modifiers.sender, from);
  if (isRefusal(modified)) return modified;
  const source = yield* chooseBlock(run, 'source', pipeline.sources, modified);
  if (isRefusal(source)) return source;
  const refusedBySource = yield* check(run, 'sender', source.checks, modified);
  if (refusedBySource !== null) return refusedBySource;
  const sender = yield* rewriteSender(run, source.modifiers.sender, modified);
  if (isRefusal(sender)) return sender;
  run.sender = sender;
  run.source = source;
  return null;
}

/** Recipient stage. `to` is in clean form; `original` is the recipient as the client named it. */
export function* routeRecipient(run: PipelineRun, to: string, original: string): Routing {
  const { pipeline, source } = run;
  if (source === null) throw new Error('the recipient stage needs a sender stage that passed');
  if (run.depth === 0) run.message.entered = 0;
  const refused =
    (yield* check(run, 'recipient', pipeline.checks, to)) ?? (yield* check(run, 'recipient', source.checks, to));
  if (refused !== null) return refused;
  const everyone = yield* rewriteRecipient(run, pipeline.modifiers.recipient, to);
  if (isRefusal(everyone)) return everyone;
  report(run, 'pipeline', pipeline, to, everyone);
  for (const address of everyone) {
    const ofSource = yield* rewriteRecipient(run, source.modifiers.recipient, address);
    if (isRefusal(ofSource)) return ofSource;
    report(run, 'source', source, address, ofSource);
    for (const recipient of ofSource) {
      const refusal = yield* routeToBlock(run, recipient, original);
      if (refusal !== null) return refusal;
    }
  }
  return null;
}

function* routeToBlock(run: PipelineRun, recipient: string, original: string): Routing {
  if (run.source === null) return null;
  const block = yield* chooseBlock(run, 'destination', run.source.destinations, recipient);
  if (isRefusal(block)) return block;
  const { listener } = run.message;
  if (block.reject !== null) {
    const { reply, at } = block.reject;
    listener?.({ kind: 'reject', reply, address: recipient, depth: run.depth, at });
    return { reply, at, recipient, reason: 'reject directive used' };
  }
  run.destinations.add(block);
  const refused = yield* check(run, 'recipient', block.checks, recipient);
  if (refused !== null) return { recipient, ...refused };
  const finals = yield* rewriteRecipient(run, block.modifiers.recipient, recipient);
  if (isRefusal(finals)) return finals;
  report(run, 'destination', block, recipient, finals);
  for (const final of finals) {
    for (const rule of block.deliveries) {
      const refusal = yield* deliver(run, rule, final, original);
      if (refusal !== null) return refusal;
    }
  }
  return null;
}

function* deliver(run: PipelineRun, rule: DeliveryRule, recipient: string, original: string): Routing {
  const { message, depth } = run;
  const { at } = rule;
  const outlet = outletFor(run, rule);
  message.listener?.({ kind: 'deliver', module: outlet.target, recipient, depth, at });
  if (outlet.next === null) {
    // A target that is no pipeline needs a domain (D24).
    const complete = isBarePostmaster(recipient) ? `${recipient}@${message.hostname}` : recipient;
    const answer = yield { ask: 'deliver', outlet, recipient: complete, original, at };
    return isRefusal(answer) ? { recipient: complete, ...answer } : null;
  }
  message.entered += 1;
  if (depth >= deepestPipeline || message.entered > mostPipelines) return refuse('loop', 'routing loop', at);
  if (outlet.next.source === null) {
    message.listener?.({ kind: 'pipeline', module: outlet.target, depth: depth + 1, at: outlet.next.pipeline.at });
    const refusal = yield* routeSender(outlet.next, run.sender);
    if (refusal !== null) {
      // The next recipient finds the pipeline unopened, as it would a target.
      run.outlets.delete(rule.target ?? rule.pipeline);
      return refusal;
    }
  }
  return yield* routeRecipient(outlet.next, recipient, original);
}

/** The result of all modifiers of a block, also where there are none. */
function report(
  { message, depth }: PipelineRun,
  level: 'pipeline' | 'source' | 'destination',
  { at, modifiers }: Pick<DestinationBlock, 'at' | 'modifiers'>,
  before: string,
  after: readonly string[],
): void {
  const { listener } = message;
  if (listener === null) return;
  listener({ kind: 'rewritten', level, before, after, depth, at });
  for (const { module, at: place } of modifiers.body) listener({ kind: 'content', module, depth, at: place });
}

function* check(
  run: PipelineRun,
  stage: 'sender' | 'recipient',
  checks: readonly RoutedUse[],
  address: string,
): Routing {
  if (checks.length === 0) return null;
  const answer = yield { ask: 'check', stage, checks, address, run };
  const refusal = isRefusal(answer) ? answer : null;
  const { listener } = run.message;
  if (listener !== null) {
    for (const { module, at } of checks) {
      const passed = refusal === null || (refusal.at !== null && refusal.at !== at);
      listener({ kind: 'check', stage, module, address, passed, depth: run.depth, at });
    }
  }
  return refusal;
}
