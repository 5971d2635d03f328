import type { At, ReplyValue } from '../../plan/plan.ts';
import type { TargetScope } from '../prove/target-scope.ts';
import type { RouteStep } from '../run.ts';

/** An envelope, and who brings it. */
export interface RouteRequest {
  /** Module name, or `NAME ADDRESS` where several have that name; null: the one that fits `auth`. */
  readonly endpoint: string | null;
  readonly ip: string | null;
  /** User name of the login; null: not logged in. */
  readonly auth: string | null;
  /** Empty for the null sender. */
  readonly from: string;
  readonly to: readonly string[];
  /** Whether MAIL says SMTPUTF8; null: when an address needs it. */
  readonly smtputf8: boolean | null;
}

/** What is taken as given where the configuration alone cannot tell. */
export interface Suppositions {
  /** What a check says (one of `verdictWords`), by module name with or without its prefix, or by block name; `dmarc` is one too. */
  readonly checks: ReadonlyMap<string, string>;
  /** By block name or module name: key (as it is looked up) to values; an empty list means that the key is absent. */
  readonly tables: ReadonlyMap<string, Pick<ReadonlyMap<string, readonly string[]>, 'get'>>;
}

export type Stage = 'connect' | 'mail' | 'rcpt' | 'data';

export interface RouteDelivery {
  /** Full module name. */
  readonly target: string;
  readonly name: string | null;
  /** Final envelope sender; empty for the null sender. */
  readonly sender: string;
  readonly recipient: string;
  /** Names of the queues in between, from outside to inside; null for one written in place. */
  readonly via: readonly (string | null)[];
  readonly scope: TargetScope;
  readonly at: At;
}

export type Outcome = 'delivered' | 'rejected' | 'deferred';

/** Where one recipient goes under one set of assumptions. */
export interface Fate {
  readonly outcome: Outcome;
  readonly deliveries: readonly RouteDelivery[];
  /** Null when delivered; without the message id. */
  readonly reply: ReplyValue | null;
  readonly stage: Stage | null;
  /** The message was put aside: an imapsql target files it as junk, `target.remote` refuses it (runtime-core 11.5). */
  readonly quarantined: boolean;
}

/** A module as configurations write it: `authorize_sender`, `lmtp`. */
export function shortName({ module }: { readonly module: string }): string {
  return module.slice(module.indexOf('.') + 1);
}

/** A step, and behind how many queues it is taken. */
export type ExplainedStep =
  | Exclude<RouteStep, { readonly kind: 'check' | 'rewritten' }>
  /** `assumed`: the verdict that stands for the one that only a running server can know; null when it is known. */
  | (Extract<RouteStep, { readonly kind: 'check' }> & { readonly assumed: string | null })
  | {
      readonly kind: 'queue';
      readonly name: string | null;
      readonly bounce: At | null;
      readonly depth: number;
      readonly at: At;
    };

export interface RecipientRoute extends Omit<Fate, 'outcome'> {
  readonly to: string;
  /** `depends`: the branches end differently; the rest is then that of the first branch. */
  readonly outcome: Outcome | 'depends';
  /** The sender is refused, whoever the recipient is. */
  readonly senderRefused: boolean;
  readonly steps: readonly ExplainedStep[];
  readonly assumptions: readonly string[];
  /** One for each set of assumptions that ends differently; empty unless the outcome is `depends`. */
  readonly branches: readonly (Fate & { readonly assumptions: readonly string[] })[];
}

export interface RouteExplanation {
  /** `NAME ADDRESS` of the endpoint that took the mail. */
  readonly endpoint: string;
  readonly at: At;
  readonly recipients: readonly RecipientRoute[];
  /** Table files that the snapshot does not hold: load them and ask again. */
  readonly missing: readonly string[];
  /** False when more branches exist than were looked at. */
  readonly complete: boolean;
}
