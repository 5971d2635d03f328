/** One stretch of a text that was replaced. */
export interface TextChange {
  readonly start: number;
  /** Of what was replaced, in the text before. */
  readonly end: number;
  /** Of what stands there now, in the text after. */
  readonly newEnd: number;
}

/** Compared at once: much faster than character by character, since nearly all of two versions of a text is the same. */
const STEP = 4096;

/** The smallest change that leads from one text to the other. */
export function changeBetween(before: string, after: string): TextChange {
  const shorter = Math.min(before.length, after.length);
  const start = sameFrom(before, after, shorter);
  const same = sameTo(before, after, shorter - start);
  return { start, end: before.length - same, newEnd: after.length - same };
}

function sameFrom(one: string, other: string, most: number): number {
  let at = 0;
  while (at + STEP <= most && one.slice(at, at + STEP) === other.slice(at, at + STEP)) at += STEP;
  while (at < most && one.charCodeAt(at) === other.charCodeAt(at)) at += 1;
  return at;
}

function sameTo(one: string, other: string, most: number): number {
  const [end, otherEnd] = [one.length, other.length];
  let count = 0;
  const isSameStep = (): boolean =>
    one.slice(end - count - STEP, end - count) === other.slice(otherEnd - count - STEP, otherEnd - count);
  while (count + STEP <= most && isSameStep()) count += STEP;
  while (count < most && one.charCodeAt(end - count - 1) === other.charCodeAt(otherEnd - count - 1)) count += 1;
  return count;
}
