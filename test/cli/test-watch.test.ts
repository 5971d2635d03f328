import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startWatching, type Watching } from '../kit/watching.ts';

const configuration = `import listener
target.queue outgoing {
    target remote
}
state_dir /tmp/none
`;
const listener = (reply: string): string => `hostname mx.example.org
tls off
smtp tcp://127.0.0.1:2525 {
    destination example.org {
        deliver_to &outgoing
    }
    default_destination {
        reject ${reply}
    }
}
`;
const tests = `cases:
  - name: refused
    from: ann@example.net
    to: bob@example.net
    expect:
      rejected: 550 5.7.1
`;

let cwd: string;
let watching: Watching | null = null;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'maddyc-test-watch-'));
});
afterEach(() => {
  watching?.kill();
  watching = null;
  rmSync(cwd, { recursive: true });
});

const put = (path: string, text: string): void => writeFileSync(join(cwd, path), text);

test('runs again when a test, its configuration or an import changes, also after they had errors', async () => {
  put('maddy.conf', configuration);
  put('listener', listener('550 5.1.1'));
  put('maddy.mailtest.yaml', tests);
  watching = startWatching(cwd, 'test');
  const { report, exited, stop } = watching;
  await report('1 failed');
  put('listener', listener('550 5.7.1'));
  await report('1 passed');
  put('listener', listener('550 5.7.1').replace('&outgoing', '&nowhere'));
  await report('no block named "nowhere"');
  put('listener', listener('550 5.7.1'));
  await report('1 passed');
  put('second.mailtest.yaml', tests.replace('550 5.7.1', '554'));
  await report('1 failed');
  rmSync(join(cwd, 'second.mailtest.yaml'));
  await report('1 passed');
  stop();
  expect(await exited).toBe(0);
});
