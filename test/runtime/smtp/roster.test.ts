import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Roster } from '../../../runtime/smtp/roster.ts';

/** Numbers come; where one says so, somebody who is there leaves. */
const visits = fc.array(fc.oneof(fc.constant('come' as const), fc.nat()));

test('knows who is there, whoever comes and leaves', () => {
  fc.assert(
    fc.property(visits, (steps) => {
      const roster = new Roster<number>();
      const present = new Map<number, () => void>();
      for (const [at, step] of steps.entries()) {
        if (step === 'come') present.set(at, roster.add(at));
        else {
          const leaving = [...present].at(step % Math.max(1, present.size));
          leaving?.[1]();
          if (leaving !== undefined) present.delete(leaving[0]);
        }
        expect(roster.members().toSorted((a, b) => a - b)).toEqual([...present.keys()]);
        expect(roster.size).toBe(present.size);
      }
    }),
  );
});

test('lets members leave while they are gone through', () => {
  const roster = new Roster<string>();
  const leave = ['a', 'b', 'c'].map((member) => roster.add(member));
  const seen: string[] = [];
  for (const member of roster.members()) {
    seen.push(member);
    for (const each of leave.splice(0)) each();
  }
  expect(seen).toEqual(['a', 'b', 'c']);
  expect(roster.size).toBe(0);
});

test('who leaves twice takes nobody along', () => {
  const roster = new Roster<string>();
  const leave = roster.add('a');
  roster.add('b');
  leave();
  leave();
  expect(roster.members()).toEqual(['b']);
});
