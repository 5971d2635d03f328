/**
 * The artifact: what a configuration means, with every name resolved and every value typed. Plain JSON, stable byte for
 * byte for the same input, readable without the sources. `plan-schema.json` is generated from the catalog.
 */

export const PLAN_FORMAT = 'maddyc-plan';
export const PLAN_VERSION = 1;

/** Where a thing was written: index into `Plan.files`, line and column from 1. */
export type At = readonly [file: number, line: number, column: number];

/** Plain data, as the readers of values give it. */
export type PlanData =
  | null
  | boolean
  | number
  | string
  | readonly PlanData[]
  | { readonly [key: string]: PlanData | undefined };

/** A value of a directive: what the catalog's schema for it says. Durations are milliseconds, sizes bytes. */
export type PlanValue =
  | null
  | boolean
  | number
  | string
  | readonly PlanValue[]
  | { readonly [key: string]: PlanValue | undefined }
  | PlanUse
  | Deferred;

/**
 * A typed value that cannot be known before `run`, because its arguments hold `{env:NAME}` and the plan keeps
 * references (R8). Strings keep `{env:NAME}` in place instead.
 */
export interface Deferred {
  readonly $deferred: { readonly type: string; readonly args: readonly string[] };
}

/** One configured module: a top-level block, or one written in place. */
export interface PlanModule {
  /** Full registered name, for example `target.lmtp`. */
  readonly module: string;
  /** Block name; null for a module written in place. */
  readonly name: string | null;
  /**
   * Inline arguments and directives, defaults and inherited globals filled in, by the catalog entry's names; a module
   * written or referenced there is a PlanUse. What the order of the file decides is one list:
   * `table.chain` = `{ steps: [{ table: PlanUse, optional }] }`, `table.static` = `{ entries: [{ key, values }] }` with the
   * winning entry of each key, `checks` and `modifiers` groups = `{ members: PlanUse[] }`,
   * `modify.replace_rcpt` and `modify.replace_sender` = `{ table: PlanUse }`.
   */
  readonly config: { readonly [key: string]: PlanValue | undefined };
  /** Only for modules that hold one (endpoints, `msgpipeline`; `bounce` of a queue is `bounce` in `pipelines`). */
  readonly pipeline?: PlanPipeline;
  readonly bounce?: PlanPipeline;
  readonly at: At;
}

/** Use of a named block. `at` is the place of the `&name`. */
export interface PlanReference {
  readonly use: string;
  readonly at: At;
}

export type PlanUse = PlanReference | PlanModule;

export interface PlanPipeline {
  readonly at: At;
  /** Groups are flattened in the order of the file; a `check &group` stays one reference. */
  readonly checks: readonly PlanUse[];
  readonly modifiers: readonly PlanUse[];
  readonly dmarc: boolean;
  /** `source_in`, asked first, in the order of the file. */
  readonly sourceTables: readonly { readonly table: PlanUse; readonly block: PlanSource }[];
  readonly sources: readonly { readonly rules: readonly PlanRule[]; readonly block: PlanSource }[];
  /** `default_source`, or the root itself when it has no source rules (`implicit`). */
  readonly defaultSource: PlanSource;
}

/** A match rule as written (after expansion): an address, a domain or `postmaster`. */
export interface PlanRule {
  readonly text: string;
  readonly at: At;
}

export interface PlanSource {
  readonly at: At;
  /** True when no `default_source` was written: the handlers stand directly at the root. */
  readonly implicit: boolean;
  readonly checks: readonly PlanUse[];
  readonly modifiers: readonly PlanUse[];
  readonly destinationTables: readonly { readonly table: PlanUse; readonly block: PlanDestination }[];
  readonly destinations: readonly { readonly rules: readonly PlanRule[]; readonly block: PlanDestination }[];
  readonly defaultDestination: PlanDestination;
}

export interface PlanDestination {
  readonly at: At;
  readonly implicit: boolean;
  readonly checks: readonly PlanUse[];
  readonly modifiers: readonly PlanUse[];
  readonly actions: readonly PlanAction[];
}

export interface ReplyValue {
  readonly code: number;
  /** `5.7.1` */
  readonly enhanced: string;
  readonly text: string;
}

export type PlanAction =
  | { readonly kind: 'deliver'; readonly target: PlanUse; readonly at: At }
  | { readonly kind: 'reroute'; readonly pipeline: PlanPipeline; readonly at: At }
  | { readonly kind: 'reject'; readonly reply: ReplyValue; readonly at: At };

export interface PlanEndpoint extends PlanModule {
  readonly name: null;
  /** As written, for example `tcp://0.0.0.0:25`. */
  readonly addresses: readonly string[];
}

export interface Plan {
  readonly format: typeof PLAN_FORMAT;
  readonly version: typeof PLAN_VERSION;
  /** maddyc's version. */
  readonly producer: string;
  readonly dialect: 'maddy' | 'madmail-0' | 'madmail-2';
  /** Paths as they were named to the compiler; index 0 is the main file. */
  readonly files: readonly string[];
  /** Variables that values of this plan still refer to; sorted. */
  readonly environment: readonly string[];
  /** Global directives by name, as typed values. */
  readonly globals: { readonly [key: string]: PlanValue | undefined };
  readonly endpoints: readonly PlanEndpoint[];
  /** Top-level blocks by name, in the order of the file. */
  readonly blocks: { readonly [name: string]: PlanModule };
}

/** What decides where mail goes. */
export type PlannedModules = Omit<Plan, 'environment'>;

export function isReference(use: PlanUse): use is PlanReference {
  return 'use' in use;
}
