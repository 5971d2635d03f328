import type { At, ReplyValue } from '../plan/plan.ts';
import type { Answerer } from './question.ts';
import type { DeliveryRule, DestinationBlock, Pipeline, RoutedModule, RoutedUse, SourceBlock } from './routes.ts';

/** One way out of a pipeline for one message: a target, or a pipeline that routes on. */
export interface Outlet {
  readonly run: PipelineRun;
  /** Null behind `reroute`. */
  readonly target: RoutedModule | null;
  readonly next: PipelineRun | null;
}

/** One pipeline at work on one message: what the stages after RCPT need to know about the ones before. */
export interface PipelineRun {
  readonly pipeline: Pipeline;
  readonly message: RoutedMessage;
  /** 0 for the endpoint's own pipeline. */
  readonly depth: number;
  /** Envelope sender for targets: after the modifiers of the pipeline and of the source block. */
  sender: string;
  /** The sender that the checks of the source block hear of; those of destination blocks are told the same. */
  checkedSender: string;
  /** The recipients accepted so far, and the one at hand, as checks hear of them: as received, and as they come to destination blocks. */
  readonly checkedRecipients: string[];
  /** The block that `sender` chose; null until the sender stage has passed. */
  source: SourceBlock | null;
  /** Destination blocks that took a recipient, in order of first use. */
  readonly destinations: Set<DestinationBlock>;
  /** In order of opening; a target that several blocks name is one outlet. */
  readonly outlets: Map<RoutedModule | Pipeline, Outlet>;
}

/** What all pipelines that a message passes share. */
export interface RoutedMessage {
  /** Completes a bare `postmaster` for targets (D24). */
  readonly hostname: string;
  /** Asked for all that routing cannot know by itself. */
  readonly ask: Answerer;
  readonly listener: StepListener | null;
  /** The listener also hears of rules that do not match: as many as the configuration has. */
  readonly tellsPassedOver: boolean;
  /** Pipelines entered for the recipient at hand, against cycles (D10) and runaway expansion. */
  entered: number;
}

export type StepListener = (step: RouteStep) => void;

/** A step that routing took, told only when somebody listens. */
export type RouteStep = { readonly depth: number; readonly at: At } & (
  | { readonly kind: 'pipeline'; readonly module: RoutedModule | null }
  | {
      readonly kind: 'source' | 'destination';
      /** The block's own rules; empty for a default block. */
      readonly rules: readonly string[];
      /** The table of a `source_in` or `destination_in`. */
      readonly table: RoutedModule | null;
      readonly address: string;
      /** The rule that matched; null when none did. */
      readonly matched: string | null;
      /** The block is the one that is used. */
      readonly taken: boolean;
      readonly implicit: boolean;
    }
  | {
      readonly kind: 'check';
      readonly stage: 'sender' | 'recipient';
      readonly module: RoutedModule;
      readonly address: string;
      readonly passed: boolean;
    }
  | {
      readonly kind: 'modify';
      readonly module: RoutedModule;
      readonly before: string;
      readonly after: readonly string[];
    }
  | {
      readonly kind: 'rewritten';
      readonly level: 'pipeline' | 'source' | 'destination';
      readonly before: string;
      readonly after: readonly string[];
    }
  /** A modifier of the content, which is asked at the end of the message. */
  | { readonly kind: 'content'; readonly module: RoutedModule }
  | { readonly kind: 'deliver'; readonly module: RoutedModule | null; readonly recipient: string }
  | { readonly kind: 'reject'; readonly reply: ReplyValue; readonly address: string }
);

export function createMessage(
  hostname: string,
  ask: Answerer,
  listener: StepListener | null = null,
  tellsPassedOver = true,
): RoutedMessage {
  return { hostname, ask, listener, tellsPassedOver, entered: 0 };
}

export function createRun(pipeline: Pipeline, message: RoutedMessage, depth = 0): PipelineRun {
  return {
    pipeline,
    message,
    depth,
    sender: '',
    checkedSender: '',
    checkedRecipients: [],
    source: null,
    destinations: new Set(),
    outlets: new Map(),
  };
}

/** The outlet that a rule leads to; the same one for the same target, as long as the message lasts. */
export function outletFor(run: PipelineRun, rule: DeliveryRule): Outlet {
  const key = rule.target ?? rule.pipeline;
  const known = run.outlets.get(key);
  if (known !== undefined) return known;
  const nested = rule.target === null ? rule.pipeline : rule.target.pipeline;
  const next = nested === null ? null : createRun(nested, run.message, run.depth + 1);
  const outlet: Outlet = { run, target: rule.target, next };
  run.outlets.set(key, outlet);
  return outlet;
}

/** Modifiers of the body stage in their order: pipeline, source block, destination blocks. */
export function bodyModifiersOf({ pipeline, source, destinations }: PipelineRun): readonly RoutedUse[] {
  let all = pipeline.modifiers.body;
  if (source !== null) all = joined(all, source.modifiers.body);
  for (const block of destinations) all = joined(all, block.modifiers.body);
  return all;
}

/** Most blocks have none: nothing is made for those. */
function joined<T>(some: readonly T[], more: readonly T[]): readonly T[] {
  if (more.length === 0) return some;
  return some.length === 0 ? more : [...some, ...more];
}

/** Checks of the body stage, a list for each group that runs together. */
export function checksOf(run: PipelineRun): readonly (readonly RoutedUse[])[] {
  return blocksOf(run).map((block) => block.checks);
}

function blocksOf(run: PipelineRun): readonly (Pipeline | SourceBlock | DestinationBlock)[] {
  return [run.pipeline, ...(run.source === null ? [] : [run.source]), ...run.destinations];
}
