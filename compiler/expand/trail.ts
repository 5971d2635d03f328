import type { Range } from '../../grammar/range.ts';
import type { Via } from '../source/origin.ts';
import type { SourceFile } from '../source/source-file.ts';

/**
 * The chain of `Via` the other way round, outermost step first: a value that is handed on grows its chain at the
 * outside, which costs one object here and a copy of the whole chain there.
 */
export interface Trail {
  readonly kind: Via['kind'];
  readonly name: string;
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
  /** Steps nearer to where the value is written. */
  readonly inner: Trail | null;
}

/** Longer chains come only from files that are made to have them. */
const LONGEST_CHAIN = 64;

export function viaOf(trail: Trail | null): Via | null {
  let via: Via | null = null;
  let steps = 0;
  for (let step = trail; step !== null && steps < LONGEST_CHAIN; step = step.inner) {
    const range: Range = { start: step.start, end: step.end };
    via = { kind: step.kind, name: step.name, file: step.file, range, next: via };
    steps += 1;
  }
  return via;
}

/** The steps of `outer` around those of `inner`. */
export function around(outer: Trail | null, inner: Trail | null): Trail | null {
  if (outer === null) return inner;
  if (inner === null) return outer;
  const steps: Trail[] = [];
  for (let step: Trail | null = outer; step !== null && steps.length < LONGEST_CHAIN; step = step.inner)
    steps.push(step);
  return steps.reduceRight<Trail | null>((rest, step) => ({ ...step, inner: rest }), inner);
}
