import { mkdtempSync, rmSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LiveFile } from '../../../runtime/modules/table/file.ts';
import { recordingLog } from '../../kit/session.ts';

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'maddyc-table-'));
  path = join(directory, 'aliases');
});
afterEach(() => rmSync(directory, { recursive: true }));

const now = 1_800_000_000_000;
/** The file as it is `age` ms after it was written. */
function write(text: string, age: number): void {
  writeFileSync(path, text);
  utimesSync(path, (now - age) / 1000, (now - age) / 1000);
}

test('a change is read once it has settled; a broken file keeps the old content; a deleted one empties the table', async () => {
  const lines: string[] = [];
  write('a: 1', 60_000);
  const table = new LiveFile(path, recordingLog(lines));
  expect(table.lookup('a')).toEqual(['1']);

  write('a: 2', 1_000);
  await table.reload(now);
  expect(table.lookup('a')).toEqual(['1']);
  await table.reload(now + 10_000);
  expect(table.lookup('a')).toEqual(['2']);

  write(': broken', 20_000);
  await table.reload(now);
  expect(table.lookup('a')).toEqual(['2']);

  unlinkSync(path);
  await table.reload(now);
  await table.reload(now);
  expect(table.lookup('a')).toEqual([]);

  write('a: 3', 20_000);
  await table.reload(now);
  expect(table.lookup('a')).toEqual(['3']);
  expect(lines).toEqual([
    `failed to reload {"reason":"${path}:1: empty address before colon"}`,
    `ignoring non-existent file: ${path} {}`,
  ]);
});

test('at load: a missing file is empty, a broken one is an error with its line', () => {
  const lines: string[] = [];
  expect(new LiveFile(path, recordingLog(lines)).lookup('a')).toEqual([]);
  expect(lines).toEqual([`ignoring non-existent file: ${path} {}`]);
  write('ok: 1\n: 2\n', 0);
  expect(() => new LiveFile(path, recordingLog([]))).toThrow(`${path}:2: empty address before colon`);
});
