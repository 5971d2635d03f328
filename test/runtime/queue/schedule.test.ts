import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jitteredRetryDelay, longestRetryDelay, retryDelay } from '../../../runtime/queue/schedule.ts';

const minute = 60_000;
const usual = { initialRetryTime: 15 * minute, retryTimeScale: 1.25, maxTries: 20 };

test('the delays of the default settings, in minutes (runtime-mta 3.4)', () => {
  const delays = Array.from({ length: 19 }, (_, at) => retryDelay(usual, at + 1) / minute);
  expect(delays).toEqual([15, 15, 15, 15, 30, 45, 45, 60, 75, 105, 135, 165, 210, 270, 330, 420, 525, 660, 825]);
  expect(delays.reduce((sum, delay) => sum + delay) / 60).toBe(66);
});

test('the delays that were recorded with scale 1.25 and one second', () => {
  const schedule = { ...usual, initialRetryTime: 1000 };
  expect([1, 2, 3, 4, 5, 6].map((tries) => retryDelay(schedule, tries))).toEqual([1000, 1000, 1000, 1000, 2000, 3000]);
});

test('a scale below 1 tries again at once from the second failure on', () => {
  expect([1, 2, 3].map((tries) => retryDelay({ ...usual, retryTimeScale: 0.5 }, tries))).toEqual([15 * minute, 0, 0]);
});

test('a scale that passes every date stops at a century, to the millisecond', () => {
  const steep = { initialRetryTime: 10 * 24 * 60 * minute, retryTimeScale: 4, maxTries: 20 };
  const century = 100 * 365 * 24 * 60 * minute;
  expect(retryDelay(steep, 19)).toBe(century);
  expect(jitteredRetryDelay(steep, 19, 0.5)).toBe(century + minute / 2);
  expect(new Date(Date.now() + longestRetryDelay(steep)).getTime()).not.toBeNaN();
});

test('chance adds a twentieth at most, and a minute at most', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 10 * 24 * 60 * minute }),
      fc.double({ min: 0.1, max: 4, noNaN: true }),
      fc.integer({ min: 1, max: 20 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (initialRetryTime, retryTimeScale, tries, chance) => {
        const schedule = { initialRetryTime, retryTimeScale, maxTries: 20 };
        const added = jitteredRetryDelay(schedule, tries, chance) - retryDelay(schedule, tries);
        expect(added).toBeGreaterThanOrEqual(0);
        expect(added).toBeLessThanOrEqual(Math.min(minute, retryDelay(schedule, tries) / 20));
      },
    ),
  );
});

test('no delay of a growing schedule is longer than the longest', () => {
  for (let tries = 1; tries < 20; tries++) {
    expect(jitteredRetryDelay(usual, tries, 1)).toBeLessThanOrEqual(longestRetryDelay(usual));
  }
});
