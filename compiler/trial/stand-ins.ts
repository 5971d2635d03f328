import type { PlanModule, ReplyValue } from '../plan/plan.ts';
import { type Verdict, verdictOf } from '../routing/explain/check-verdicts.ts';
import { stageOf, treatmentOf } from '../routing/explain/checks.ts';
import { textAt, textsAt } from '../routing/plan-values.ts';

/** Takes the place of targets: its `config` is a TrialDeliveryConfig. No configuration can name it. */
export const trialDelivery = 'trial.delivery';

export interface TrialDeliveryConfig {
  /** Of the module that would have taken the mail, with its block's name. */
  readonly target: string;
  /** Where the mail would have gone; empty: to the servers of the recipients' domains, or into a mailbox. */
  readonly destination: string;
  /** The address that exists. */
  readonly mailbox: string;
}

/** Takes the place of checks that are to find something: its `config` is a TrialCheckConfig. */
export const trialCheck = 'trial.check';

export interface TrialCheckConfig {
  readonly stage: Verdict['stage'];
  /** As that of a check: what was found is treated so. */
  readonly fail_action: { readonly action: Verdict['usual']; readonly reply: ReplyValue };
}

/** Whose place is taken: references to it stay good. */
type Replaced = Pick<PlanModule, 'name' | 'at'>;

export interface Account {
  readonly user: string;
  /** As `auth.pass_table` reads it. */
  readonly hash: string;
}

export function deliveryInPlaceOf({ module, name, config, at }: PlanModule, mailbox: string): PlanModule {
  const target = name === null ? module : `${module} ${name}`;
  const destination = textsAt(config, 'targets')?.join(' ') ?? textAt(config, 'path') ?? '';
  return { module: trialDelivery, name, config: { target, destination, mailbox } satisfies TrialDeliveryConfig, at };
}

/** Null: the check that says this lets every message pass. */
export function checkInPlaceOf(check: PlanModule, word: string): PlanModule | null {
  const verdict = verdictOf(check.module, word);
  return verdict === null ? null : findingInPlaceOf(check, verdict);
}

export function findingInPlaceOf({ module, name, config, at }: PlanModule, verdict: Verdict): PlanModule {
  const { action, reply } = treatmentOf({ config }, verdict);
  const found = { stage: stageOf({ module, config }, verdict), fail_action: { action, reply: { ...reply } } };
  return { module: trialCheck, name, config: found satisfies TrialCheckConfig, at };
}

/** Knows the account as it is. */
export function tableInPlaceOf({ name, at }: Replaced, { user }: Account): PlanModule {
  const entries = namesOf(user).map((key) => ({ key, values: [key] }));
  return { module: 'table.static', name, config: { entries }, at };
}

export function loginInPlaceOf({ name, at }: Replaced, { user, hash }: Account): PlanModule {
  const entries = namesOf(user).map((key) => ({ key, values: [hash] }));
  const table = { module: 'table.static', name: null, config: { entries }, at };
  return { module: 'auth.pass_table', name, config: { table }, at };
}

export function certificateInPlaceOf(
  { name, at }: Replaced,
  { cert, key }: { readonly cert: string; readonly key: string },
): PlanModule {
  return { module: 'tls.loader.file', name, config: { certs: [cert], keys: [key] }, at };
}

/** Tables are asked for addresses, and for what stands before the `@`. */
function namesOf(address: string): readonly string[] {
  return [address, address.slice(0, address.lastIndexOf('@'))];
}
