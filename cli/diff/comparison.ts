import type { MailDiff } from '../../compiler/routing/diff/diff-mail.ts';
import type { SettingChange } from '../../compiler/routing/diff/diff-settings.ts';
import type { LoadedPlan } from '../load-plan.ts';
import type { Side } from './sides.ts';

/** Two configurations, and what is different. */
export interface Comparison {
  readonly before: Side & LoadedPlan;
  readonly after: Side & LoadedPlan;
  readonly mail: MailDiff;
  readonly settings: readonly SettingChange[];
}

export function isSame({ mail, settings }: Comparison): boolean {
  return mail.changes.length === 0 && settings.length === 0;
}

/** One line: how much is different. */
export function summaryWords(comparison: Comparison): string {
  const { mail, settings } = comparison;
  const { changes, runs, complete } = mail;
  const scope = complete ? '' : `; more kinds of mail exist than the ${runs} that were compared`;
  if (isSame(comparison)) return `no difference for mail (${runs} kinds compared)${scope}`;
  const kinds =
    changes.length === 0
      ? 'mail goes the same ways'
      : `${changes.length} ${changes.length === 1 ? 'kind' : 'kinds'} of mail ${changes.length === 1 ? 'fares' : 'fare'} differently`;
  const rest =
    settings.length === 0
      ? ''
      : `, ${settings.length} ${settings.length === 1 ? 'setting differs' : 'settings differ'}`;
  return `${kinds}${rest} (${runs} kinds compared)${scope}`;
}

/** A setting before and after; values that may be long or secret are not shown. */
export function settingWords({ name, before, after }: SettingChange): string {
  return before === null && after === null
    ? `${name} differs`
    : `${name} ${before ?? 'other'}, now ${after ?? 'other'}`;
}
