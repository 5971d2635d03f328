import { expect, test } from 'vitest';
import { LoopMonitor } from '../../../runtime/observe/loop-monitor.ts';
import { recordingLog } from '../../kit/session.ts';

function advice(shares: readonly number[], workers = 1): readonly string[] {
  const lines: string[] = [];
  const left = [...shares];
  const busyShare = () => left.shift() ?? 0;
  const monitor = new LoopMonitor({ log: recordingLog(lines), workers, cores: 8, busyShare });
  for (const _ of shares) monitor.step();
  return lines;
}

test('advises once when the loop has been at its limit for half a minute', () => {
  const lines = advice(Array(60).fill(0.99));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('busy 99 % of the last 30 s');
  expect(lines[0]).toContain('maddyc run --workers 2');
});

test('a burst is no reason', () => {
  expect(advice([...Array(5).fill(1), 0.5, ...Array(5).fill(1)])).toEqual([]);
});
