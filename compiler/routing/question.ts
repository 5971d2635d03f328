import type { At, ReplyValue } from '../plan/plan.ts';
import type { Answer, Pending } from './later.ts';
import type { RoutedModule, RoutedUse } from './routes.ts';
import type { Outlet, PipelineRun } from './run.ts';

/** A recipient or a sender is not taken. */
export interface Refusal {
  readonly reply: ReplyValue;
  /** The rule that refuses, when it is one of the configuration. */
  readonly at: At | null;
  /** For the log: why, in words that a client need not see. */
  readonly reason: string;
  /** The recipient as it was by then; absent for senders and before the first rewriting. */
  readonly recipient?: string;
  /** What a driver attached to a refusal that came from its side. */
  readonly cause?: unknown;
}

/** What routing cannot know by itself. */
export type Question = LookupQuestion | CheckQuestion | DeliverQuestion;

/** Answered with the values of the key, or with a refusal when the table could not be asked. */
export interface LookupQuestion {
  readonly ask: 'lookup';
  readonly table: RoutedModule;
  readonly key: string;
  readonly by: 'source_in' | 'destination_in' | 'replace_sender' | 'replace_rcpt';
  readonly at: At;
}

/** All checks of one block at one stage; `sender` is connection and sender together. Answered with null to go on. */
export interface CheckQuestion {
  readonly ask: 'check';
  readonly stage: 'sender' | 'recipient';
  readonly checks: readonly RoutedUse[];
  readonly address: string;
  readonly run: PipelineRun;
}

/** A recipient for a target that is no pipeline. Answered with null when the target takes it. */
export interface DeliverQuestion {
  readonly ask: 'deliver';
  readonly outlet: Outlet;
  readonly recipient: string;
  /** As the client named it. */
  readonly original: string;
  readonly at: At;
}

export type Reply = readonly string[] | Refusal | null;

/** Answers the router: at once, or later. */
export type Answerer = (question: Question) => Answer<Reply>;

/** A machine of the router: waits for answers that come later, and ends with a refusal or null. */
export type Routing<Result = Refusal | null> = Generator<Pending<Reply>, Result, Reply>;

export function isRefusal(answer: object | string | null): answer is Refusal {
  return typeof answer === 'object' && answer !== null && 'reply' in answer;
}
