import { isBarePostmaster } from '../text/address.ts';
import { chooseByRules, chooseByTables } from './choose.ts';
import { isLater } from './later.ts';
import { isRefusal, type Routing } from './question.ts';
import { refuse } from './refusals.ts';
import { rewriteRecipient, rewriteSender } from './rewrite.ts';
import type { Choice, DeliveryRule, DestinationBlock, Pipeline, RoutedUse, SourceBlock } from './routes.ts';
import { type Outlet, outletFor, type PipelineRun } from './run.ts';

/** Pipelines one inside another: far above any configuration that ends, far below the stack. */
const deepestPipeline = 30;
/** Pipelines entered for one recipient: lists of lists that multiply must end too. */
const mostPipelines = 10_000;

// Most blocks have no checks, no modifiers and no tables: no machine is made for those, because each message passes many.

/** Sender stage (runtime-core 11.2). `from` is in clean form, empty for the null sender. */
export function* routeSender(run: PipelineRun, from: string): Routing {
  const { checks, modifiers, sources } = run.pipeline;
  const refusedByChecks = checks.length === 0 ? null : yield* check(run, 'sender', checks, from);
  if (refusedByChecks !== null) return refusedByChecks;
  const modified = modifiers.sender.length === 0 ? from : yield* rewriteSender(run, modifiers.sender, from);
  if (isRefusal(modified)) return modified;
  run.checkedSender = modified;
  const source =
    sources.tables.length === 0
      ? chooseByRules(run, 'source', sources, modified)
      : yield* chooseByTables(run, 'source', sources, modified);
  if (isRefusal(source)) return source;
  const refusedBySource = source.checks.length === 0 ? null : yield* check(run, 'sender', source.checks, modified);
  if (refusedBySource !== null) return refusedBySource;
  const ofSource = source.modifiers.sender;
  const sender = ofSource.length === 0 ? modified : yield* rewriteSender(run, ofSource, modified);
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
  const { checkedRecipients } = run;
  const before = checkedRecipients.length;
  checkedRecipients.push(to);
  const refusal = yield* routeToBlocks(run, pipeline, source, to, original);
  // Who is refused is no recipient of the message; and clients may try as many as they like.
  if (refusal !== null) checkedRecipients.length = before;
  return refusal;
}

function* routeToBlocks(
  run: PipelineRun,
  pipeline: Pipeline,
  source: SourceBlock,
  to: string,
  original: string,
): Routing {
  const { checks } = pipeline;
  const refused = checks.length === 0 ? null : yield* check(run, 'recipient', checks, to);
  if (refused !== null) return refused;
  const ofSourceBlock = source.checks;
  const refusedBySource = ofSourceBlock.length === 0 ? null : yield* check(run, 'recipient', ofSourceBlock, to);
  if (refusedBySource !== null) return refusedBySource;
  const ofPipeline = pipeline.modifiers.recipient;
  const everyone = ofPipeline.length === 0 ? [to] : yield* rewriteRecipient(run, ofPipeline, to);
  if (isRefusal(everyone)) return everyone;
  report(run, 'pipeline', pipeline, to, everyone);
  const ofSource = source.modifiers.recipient;
  for (const address of everyone) {
    const recipients = ofSource.length === 0 ? [address] : yield* rewriteRecipient(run, ofSource, address);
    if (isRefusal(recipients)) return recipients;
    report(run, 'source', source, address, recipients);
    for (const recipient of recipients) {
      const refusal = yield* routeToBlock(run, source.destinations, recipient, original);
      if (refusal !== null) return refusal;
    }
  }
  return null;
}

function* routeToBlock(
  run: PipelineRun,
  destinations: Choice<DestinationBlock>,
  recipient: string,
  original: string,
): Routing {
  const block =
    destinations.tables.length === 0
      ? chooseByRules(run, 'destination', destinations, recipient)
      : yield* chooseByTables(run, 'destination', destinations, recipient);
  if (isRefusal(block)) return block;
  const { listener } = run.message;
  if (block.reject !== null) {
    const { reply, at } = block.reject;
    listener?.({ kind: 'reject', reply, address: recipient, depth: run.depth, at });
    return { reply, at, recipient, reason: 'reject directive used' };
  }
  if (run.checkedRecipients.at(-1) !== recipient) run.checkedRecipients.push(recipient);
  const refused = block.checks.length === 0 ? null : yield* check(run, 'recipient', block.checks, recipient);
  if (refused !== null) return { recipient, ...refused };
  run.destinations.add(block);
  const ofBlock = block.modifiers.recipient;
  const finals = ofBlock.length === 0 ? [recipient] : yield* rewriteRecipient(run, ofBlock, recipient);
  if (isRefusal(finals)) return finals;
  report(run, 'destination', block, recipient, finals);
  for (const final of finals) {
    for (const rule of block.deliveries) {
      const outlet = outletFor(run, rule);
      run.message.listener?.({
        kind: 'deliver',
        module: outlet.target,
        recipient: final,
        depth: run.depth,
        at: rule.at,
      });
      const refusal =
        outlet.next === null
          ? yield* deliver(run, outlet, rule, final, original)
          : yield* routeOn(run, outlet.next, rule, final, original);
      if (refusal !== null) return refusal;
    }
  }
  return null;
}

function* deliver(
  { message }: PipelineRun,
  outlet: Outlet,
  { at }: DeliveryRule,
  recipient: string,
  original: string,
): Routing {
  // A target that is no pipeline needs a domain (D24).
  const complete = isBarePostmaster(recipient) ? `${recipient}@${message.hostname}` : recipient;
  const given = message.ask({ ask: 'deliver', outlet, recipient: complete, original, at });
  const answer = isLater(given) ? yield given : given;
  return isRefusal(answer) ? { recipient: complete, ...answer } : null;
}

/** The pipeline behind an outlet takes its part in the stages when the first recipient comes to it. */
function* routeOn(
  run: PipelineRun,
  next: PipelineRun,
  rule: DeliveryRule,
  recipient: string,
  original: string,
): Routing {
  const { message, depth } = run;
  message.entered += 1;
  if (depth >= deepestPipeline || message.entered > mostPipelines) return refuse('loop', 'routing loop', rule.at);
  if (next.source === null) {
    message.listener?.({ kind: 'pipeline', module: rule.target, depth: depth + 1, at: next.pipeline.at });
    const refusal = yield* routeSender(next, run.sender);
    if (refusal !== null) {
      // The next recipient finds the pipeline unopened, as it would a target.
      run.outlets.delete(rule.target ?? rule.pipeline);
      return refusal;
    }
  }
  return yield* routeRecipient(next, recipient, original);
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
  const given = run.message.ask({ ask: 'check', stage, checks, address, run });
  const answer = isLater(given) ? yield given : given;
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
