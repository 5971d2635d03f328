import { expect, it } from 'vitest';
import { analyseText, findingLines } from '../../kit/analysis.ts';

const listeners = (...addresses: readonly string[]): string =>
  `hostname mx\ntls off\n${addresses.map((address) => `smtp ${address} {\n    reject\n}\n`).join('')}`;

const taken = (...addresses: readonly string[]): number =>
  findingLines(analyseText(listeners(...addresses))).filter((line) => line.startsWith('M4110')).length;

it.each([
  [['tcp://127.0.0.1:25', 'tcp://127.0.0.1:25'], 1],
  [['tcp://127.0.0.1:25', 'tls://127.0.0.1:25'], 1],
  [['tcp://0.0.0.0:25', 'tcp://127.0.0.1:25'], 1],
  [['tcp://192.0.2.1:25', 'tcp://0.0.0.0:25'], 1],
  [['tcp://[::]:25', 'tcp://[::1]:25'], 1],
  [['unix://a.sock', 'unix://a.sock'], 1],
  [['tcp://127.0.0.1:25', 'tcp://127.0.0.1:26'], 0],
  [['tcp://127.0.0.1:25', 'tcp://127.0.0.2:25'], 0],
  [['tcp://0.0.0.0:25', 'tcp://[::1]:25'], 0],
  [['tcp://127.0.0.1:0', 'tcp://127.0.0.1:0'], 0],
  [['unix://a.sock', 'unix://b.sock'], 0],
])('%j: %i of them are in the way', (addresses, count) => {
  expect(taken(...addresses)).toBe(count);
});
