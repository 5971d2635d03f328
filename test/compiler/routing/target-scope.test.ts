import { expect, test } from 'vitest';
import { isThisHost } from '../../../compiler/routing/prove/target-scope.ts';

test.each<[readonly string[], boolean]>([
  [['unix:///run/socket', 'tcp://127.0.0.1:25', 'tls://[::1]:465'], true],
  [['tcp://127.0.0.1:{env:PORT}'], true],
  [['tcp://{env:HOST}:25'], false],
  [['tcp://{env:HOST}:{env:PORT}'], false],
  [['tcp://127.0.0.1:25', 'tcp://0.0.0.0:25'], false],
  [['nonsense'], false],
  [[], false],
])('addresses of this host alone: %j', (addresses, expected) => {
  expect(isThisHost(addresses)).toBe(expected);
});
