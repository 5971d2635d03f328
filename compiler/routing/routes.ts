import type { At, PlanModule, PlanPipeline, PlanRule, ReplyValue } from '../plan/plan.ts';
import type { TargetScope } from './prove/target-scope.ts';

/** A module as routing sees it: one object for each named block and for each module written in place. */
export interface RoutedModule {
  /** Full registered name, for example `target.lmtp`. */
  readonly module: string;
  /** Block name; null for a module written in place. */
  readonly name: string | null;
  readonly plan: PlanModule;
  /** Of a target: where mail is after it. */
  readonly scope: TargetScope;
  /** Of a `msgpipeline`: mail that is delivered here is routed on. */
  readonly pipeline: Pipeline | null;
  /** Of a `target.queue`: where its mail goes on, and the rules for what it cannot deliver. */
  readonly queue: { readonly target: RoutedModule; readonly bounce: Pipeline | null } | null;
}

/** Use of a module: the module, and where it was named. */
export interface RoutedUse {
  readonly module: RoutedModule;
  readonly at: At;
}

export interface Rewriting extends RoutedUse {
  readonly table: RoutedModule;
}

/** Modifiers of one block in the order of the file; groups are taken apart. */
export interface Modifiers {
  /** Those that change the content, or may: all that are not below. */
  readonly body: readonly RoutedUse[];
  /** `replace_sender` */
  readonly sender: readonly Rewriting[];
  /** `replace_rcpt` */
  readonly recipient: readonly Rewriting[];
}

/** A block found by one of its rules. */
export interface RuledBlock<Block> {
  readonly rule: PlanRule;
  /** Of all rules of the block. */
  readonly texts: readonly string[];
  readonly block: Block;
}

export interface TabledBlock<Block> {
  readonly table: RoutedModule;
  readonly at: At;
  readonly block: Block;
}

/** How one of several blocks is chosen by an address (runtime-core 11.3). The keys are in lookup form. */
export interface Choice<Block> {
  /** Asked first, in the order of the file. */
  readonly tables: readonly TabledBlock<Block>[];
  readonly addresses: ReadonlyMap<string, RuledBlock<Block>>;
  readonly domains: ReadonlyMap<string, RuledBlock<Block>>;
  /** Blocks with rules in the order of the file, for those who want to see what was tried. */
  readonly ruled: readonly {
    readonly rules: readonly PlanRule[];
    readonly texts: readonly string[];
    readonly block: Block;
  }[];
  readonly fallback: Block;
  /** Every block, the default one last. */
  readonly blocks: readonly Block[];
}

export interface Pipeline {
  readonly at: At;
  readonly checks: readonly RoutedUse[];
  readonly modifiers: Modifiers;
  readonly dmarc: boolean;
  readonly sources: Choice<SourceBlock>;
}

export interface SourceBlock {
  readonly at: At;
  /** The handlers stand directly at the root: no `source` and no `default_source` were written. */
  readonly implicit: boolean;
  readonly checks: readonly RoutedUse[];
  readonly modifiers: Modifiers;
  readonly destinations: Choice<DestinationBlock>;
}

export interface DestinationBlock {
  readonly at: At;
  readonly implicit: boolean;
  readonly checks: readonly RoutedUse[];
  readonly modifiers: Modifiers;
  /** The refusal of a block that holds `reject`. */
  readonly reject: { readonly reply: ReplyValue; readonly at: At } | null;
  readonly deliveries: readonly DeliveryRule[];
}

/** `deliver_to` a target, or `reroute` through a pipeline in place: exactly one of the two is there. */
export type DeliveryRule =
  | { readonly target: RoutedModule; readonly pipeline: null; readonly at: At }
  | { readonly target: null; readonly pipeline: Pipeline; readonly at: At };

/** A plan made ready for routing, once; shared by all messages. */
export interface Routes {
  /** In the order of the plan's endpoints. Null for an endpoint that takes no mail. */
  readonly endpoints: readonly (Pipeline | null)[];
  /** The same object in later routes while no named block is another, or another one's. */
  readonly blocks: object;
  /** The module behind a use that stands in some module's configuration. */
  moduleOf(use: unknown): RoutedModule | null;
  /** The same object for the same pipeline of the plan. */
  pipelineOf(pipeline: PlanPipeline): Pipeline;
}
