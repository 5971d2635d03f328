import { parseDuration } from './duration.ts';
import { parseInt64 } from './numbers.ts';
import { misread, type Reading, read, type Words } from './reading.ts';

export type Limit =
  | { readonly kind: 'rate'; readonly burst: number /** Milliseconds. */; readonly period: number }
  | { readonly kind: 'concurrency'; readonly max: number };

/** `rate BURST [PERIOD]`, `concurrency MAX`. Negative numbers pass in maddy and crash it. */
export function readLimit(words: Words): Reading<Limit> {
  const [kind, amount, period] = words.args;
  if (kind === undefined) return misread('too-few', 'at least two arguments are required');
  switch (kind) {
    case 'rate':
      return readRate(amount, period, words.args.length);
    case 'concurrency':
      return readConcurrency(amount, words.args.length);
    default:
      if (amount === undefined) return misread('too-few', 'at least two arguments are required');
      return misread('form', `unknown limit kind: ${kind}`, 0);
  }
}

function readRate(amount: string | undefined, period: string | undefined, count: number): Reading<Limit> {
  if (amount === undefined) return misread('too-few', 'at least burst size is needed');
  if (count > 3) return misread('too-many', 'too many arguments', 3);
  const burst = parseInt64(amount);
  if ('error' in burst) return misread('form', burst.error, 1);
  const time = period === undefined ? 1_000_000_000n : parseDuration(period);
  if (typeof time !== 'bigint') return misread('form', time.error, 2, time.hint);
  return read({ kind: 'rate', burst: Number(burst.value), period: Number(time) / 1e6 });
}

function readConcurrency(amount: string | undefined, count: number): Reading<Limit> {
  if (amount === undefined) return misread('too-few', 'max concurrency value is needed');
  if (count > 2) return misread('too-many', 'too many arguments', 2);
  const max = parseInt64(amount);
  return 'error' in max ? misread('form', max.error, 1) : read({ kind: 'concurrency', max: Number(max.value) });
}
