import { describe, expect, it } from 'vitest';
import { Faults } from '../../lsp/session.ts';

describe('a fault of ours in one feature', () => {
  const broken = () => {
    throw new TypeError('something is not a function');
  };

  it('is one line in the log, and the fallback is answered', async () => {
    const log: string[] = [];
    const faults = new Faults((text) => log.push(text));
    // At the same place each time, as when somebody types.
    for (let times = 0; times < 3; times += 1) expect(await faults.answer('hover', null, broken)).toBeNull();
    expect(log).toHaveLength(1);
    expect(log[0]).toMatch(/^fault of maddyc in hover: something is not a function\n {4}at /);
  });

  it('leaves the other features alone', async () => {
    const faults = new Faults(() => undefined);
    await faults.answer('hover', null, broken);
    expect(await faults.answer('hover', null, () => 'fine')).toBe('fine');
  });

  it('is told apart by feature and place', async () => {
    const log: string[] = [];
    const faults = new Faults((text) => log.push(text));
    await faults.answer('hover', null, broken);
    await faults.answer('completion', null, broken);
    expect(log).toHaveLength(2);
  });
});
