import { expect } from 'vitest';
import type { ModuleInstance } from '../../runtime/module.ts';

/** What holds for every table that can be written, to begin with an empty one: keys are literal, one value each, listed in order. */
export async function expectWrittenTable({ table }: ModuleInstance): Promise<void> {
  expect(await table?.lookup("x' OR '1'='1")).toEqual([]);
  await table?.manage?.put('b', '1');
  await table?.manage?.put('b', '2');
  await table?.manage?.put('a', '3');
  expect(await table?.lookup('b')).toEqual(['2']);
  expect(await table?.lookup('B')).toEqual([]);
  expect(await table?.manage?.keys()).toEqual(['a', 'b']);
  await table?.manage?.remove('b');
  await table?.manage?.remove('nobody');
  expect(await table?.lookup('b')).toEqual([]);
}
