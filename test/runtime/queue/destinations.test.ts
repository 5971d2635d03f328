import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Destinations } from '../../../runtime/queue/destinations.ts';

const rules = { concurrency: 2, tolerance: 3, firstPause: 100, longestPause: 300 };

function takeAll(destinations: Destinations<string>, now: number): readonly string[] {
  const taken: string[] = [];
  for (let next = destinations.take(now); next !== null; next = destinations.take(now)) taken.push(next.entry);
  return taken;
}

test('destinations take turns, and none has more than its share', () => {
  const destinations = new Destinations<string>(rules);
  for (const entry of ['a1', 'a2', 'a3', 'b1', 'c1']) destinations.add(entry.slice(0, 1), entry);
  expect(takeAll(destinations, 0)).toEqual(['a1', 'b1', 'c1', 'a2']);
  expect(destinations.ready).toBe(1);
  destinations.ended('a');
  expect(takeAll(destinations, 0)).toEqual(['a3']);
});

test('one that is not reached by several messages is left alone, longer each time, and then probed by one', () => {
  const destinations = new Destinations<string>(rules);
  const failWith = (messages: readonly number[], now: number): void => {
    for (const message of messages) destinations.observe('down', false, message, now);
  };
  failWith([1, 2], 0);
  expect(destinations.isPaused('down', 0)).toBe(false);
  failWith([3], 0);
  expect(destinations.isPaused('down', 99)).toBe(true);
  expect(destinations.firstPauseEnd(50)).toBe(100);
  for (const entry of ['d1', 'd2', 'd3']) destinations.add('down', entry);
  expect(takeAll(destinations, 50)).toEqual([]);
  expect(takeAll(destinations, 100)).toEqual(['d1']);
  failWith([4], 100);
  expect(destinations.firstPauseEnd(100)).toBe(300);
  failWith([5, 6], 300);
  expect(destinations.firstPauseEnd(300)).toBe(600);
  destinations.ended('down');
  destinations.observe('down', true, 7, 600);
  expect(takeAll(destinations, 600)).toEqual(['d2', 'd3']);
});

test('a clock that is set back ends a pause that would last until it is there again', () => {
  const destinations = new Destinations<string>(rules);
  const day = 86_400_000;
  for (const message of [1, 2, 3]) destinations.observe('down', false, message, day);
  destinations.add('down', 'd1');
  expect(takeAll(destinations, day + 50)).toEqual([]);
  expect(destinations.firstPauseEnd(0)).toBeNull();
  expect(destinations.saturated(10, 0)).toEqual([]);
  expect(takeAll(destinations, 0)).toEqual(['d1']);
});

test('one message that fails again and again says nothing about the others', () => {
  const destinations = new Destinations<string>(rules);
  for (let time = 0; time < 10; time++) destinations.observe('down', false, 1, time);
  expect(destinations.isPaused('down', 10)).toBe(false);
});

test('whatever happens, what is put in is taken out once, and shares are kept', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('add' as const), name: fc.constantFrom('a', 'b', 'c') }),
    fc.record({ kind: fc.constant('take' as const), name: fc.constant('') }),
    fc.record({ kind: fc.constantFrom('end', 'unreached', 'withdraw'), name: fc.constantFrom('a', 'b', 'c') }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const destinations = new Destinations<number>(rules);
      const running = new Map<string, number>();
      const seen = new Set<number>();
      let added = 0;
      let now = 0;
      for (const { kind, name } of steps) {
        now += 10;
        if (kind === 'add') destinations.add(name, ++added);
        else if (kind === 'withdraw') for (const entry of destinations.withdraw(name)) seen.add(entry);
        else if (kind === 'unreached') destinations.observe(name, false, now, now);
        else if (kind === 'take') {
          const next = destinations.take(now);
          if (next === null) continue;
          expect(seen.has(next.entry)).toBe(false);
          seen.add(next.entry);
          running.set(next.destination, (running.get(next.destination) ?? 0) + 1);
          expect(running.get(next.destination)).toBeLessThanOrEqual(rules.concurrency);
        } else if ((running.get(name) ?? 0) > 0) {
          running.set(name, (running.get(name) ?? 0) - 1);
          destinations.ended(name);
        }
      }
      for (const entry of destinations.withdraw(null)) seen.add(entry);
      expect(seen.size).toBe(added);
      expect(destinations.ready).toBe(0);
    }),
  );
});
