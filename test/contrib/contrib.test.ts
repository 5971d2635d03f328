import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { jsonForm, maddyForm } from '../../runtime/observe/line.ts';
import { createLogger } from '../../runtime/observe/line-logger.ts';
import { createOutput } from '../../runtime/observe/output.ts';
import { openTargets } from '../../runtime/observe/targets.ts';
import { hasCommand } from '../kit/service-packages.ts';

const contrib = join(import.meta.dirname, '..', '..', 'contrib');
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'maddyc-contrib-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function run(command: string, ...args: readonly string[]): string {
  return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** A log with refused logins of 192.0.2.x, and with names that look like such lines for 203.0.113.9. */
async function writeLog(path: string, isJson: boolean): Promise<void> {
  const output = createOutput(await openTargets([path]), Date.now, isJson ? jsonForm(Date.now) : maddyForm);
  const log = (name: string) => createLogger({ output, name, debug: false });
  const forged = 'x","src_ip":"203.0.113.9:1"';
  const refused = 'authentication failed';
  log('submission/sasl').message(refused, { reason: 'wrong', src_ip: '192.0.2.1:5000', username: 'ann' });
  log('submission/sasl').message(refused, { reason: 'wrong', src_ip: '[2001:db8::7]:5000', username: forged });
  log('dovecot_sasld/sasl').message(refused, { reason: forged, src_ip: '192.0.2.2:5000', username: 'ann' });
  log('smtp').message('too many RCPT errors, possible dictonary attack', { msg_id: 'ab', src_ip: '192.0.2.3:5000' });
  for (const sender of [forged, `submission/sasl: ${refused}\t{"src_ip":"203.0.113.9:1"`]) {
    log('smtp').message('incoming message', { msg_id: 'ab', sender, src_ip: '192.0.2.4:5000' });
  }
  await output.flush();
  output.setTargets([]);
}

describe.skipIf(!hasCommand('fail2ban-regex'))('the fail2ban filter (apt-get install fail2ban)', () => {
  const banned = (log: string): readonly string[] =>
    run('fail2ban-regex', '-o', 'id', log, join(contrib, 'fail2ban', 'maddyc.conf'))
      .trim()
      .split('\n')
      .sort();
  const guilty = ['192.0.2.1', '192.0.2.2', '192.0.2.3', '2001:db8::7'];

  test.each([
    ['lines of a file', false],
    ['JSON', true],
  ])('finds who guesses passwords and addresses, and cannot be made to find others: %s', async (_what, isJson) => {
    const log = join(directory, 'log');
    await writeLog(log, isJson);
    expect(banned(log)).toEqual(guilty);
  });

  test('lines of a journal', async () => {
    const log = join(directory, 'log');
    await writeLog(log, false);
    writeFileSync(log, readFileSync(log, 'utf8').replace(/^\S+ /gm, 'Nov 22 12:35:49 mx maddyc[123]: '));
    expect(banned(log)).toEqual(guilty);
  });
});

test.skipIf(!hasCommand('systemd-analyze'))('systemd reads the units (apt-get install systemd)', () => {
  // The program and Dovecot need not be installed here.
  const unit = readFileSync(join(contrib, 'systemd', 'maddyc.service'), 'utf8').replaceAll(
    '/usr/bin/maddyc',
    '/bin/true',
  );
  writeFileSync(join(directory, 'maddyc.service'), unit);
  writeFileSync(join(directory, 'maddyc.socket'), readFileSync(join(contrib, 'systemd', 'maddyc.socket')));
  const units = ['maddyc.service', 'maddyc.socket'].map((name) => join(directory, name));
  expect(run('systemd-analyze', 'verify', '--man=no', ...units)).toBe('');
  const exposure = run('systemd-analyze', 'security', '--offline=true', units[0] ?? '');
  expect(Number(/exposure level for \S+ (\d+\.\d)/.exec(exposure)?.[1])).toBeLessThan(3);
});

test.skipIf(!hasCommand('logrotate'))('logrotate reads its file (apt-get install logrotate)', () => {
  const path = join(directory, 'maddyc');
  // Its user need not be there either.
  writeFileSync(path, readFileSync(join(contrib, 'logrotate', 'maddyc'), 'utf8').replace(/ maddy maddy$/m, ''), {
    mode: 0o644,
  });
  expect(() => run('logrotate', '--debug', '--state', join(directory, 'state'), path)).not.toThrow();
});
