import type { At, Plan } from '../../compiler/plan/plan.ts';
import type { ClassSet } from '../../compiler/routing/diff/diff-mail.ts';
import type { Treatment } from '../../compiler/routing/diff/treatment.ts';
import type { AddressClass } from '../../compiler/routing/prove/address-class.ts';
import { type Comparison, isSame } from './comparison.ts';
import { sideName } from './sides.ts';

/** The JSON form of a comparison, version 1: fields are only ever added. */
export function diffToJson(comparison: Comparison): object {
  const { before, after, mail, settings } = comparison;
  return {
    version: 1,
    before: sideName(before),
    after: sideName(after),
    same: isSame(comparison),
    changes: mail.changes.map((change) => ({
      kind: change.kind,
      entrance: change.entrance,
      login: change.login,
      difference: change.difference,
      senders: setToJson(change.senders),
      recipients: setToJson(change.recipients),
      before: treatmentToJson(change.before, before.plan),
      after: treatmentToJson(change.after, after.plan),
      assumptions: change.assumptions,
      example: change.example,
    })),
    settings: settings.map(({ at, ...setting }) => ({ ...setting, location: locationOf(at, after.plan) })),
    compared: mail.runs,
    complete: mail.complete,
  };
}

function setToJson({ classes, but }: ClassSet): object {
  return { everybody: but?.length === 0, classes: classes.map(classToJson), but: but?.map(classToJson) ?? null };
}

function classToJson({ kind, representative, others }: AddressClass): object {
  return { kind, addresses: [representative, ...others] };
}

function treatmentToJson(treatment: Treatment | null, plan: Plan): object | null {
  if (treatment === null) return null;
  const { words, fate, checks, content, at } = treatment;
  return { ...fate, words, checks, content, location: at === null ? null : locationOf(at, plan) };
}

function locationOf([file, line, column]: At, { files }: Plan): object {
  return { file: files[file] ?? '', line, column };
}
