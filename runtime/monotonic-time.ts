/** Milliseconds of a clock that nobody sets: for how long something lasts, however the time of day jumps meanwhile. */
export function monotonicTime(): number {
  return performance.now();
}
