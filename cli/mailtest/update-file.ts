import { resolve } from 'node:path';
import { replaceFile } from '../replace-file.ts';
import type { FileResult } from './run-file.ts';
import { casePassed } from './summary.ts';

/** Writes what came as what is expected, for each case that differs; gives how many. Comments and layout stay. */
export function updateFile({ path, document, cases }: FileResult, cwd: string): number {
  if (document === null) return 0;
  let written = 0;
  for (const result of cases) {
    if (casePassed(result) || result.actual === null) continue;
    document.set(['cases', result.index, 'expect'], result.actual);
    written += 1;
  }
  if (written > 0) replaceFile(resolve(cwd, path), new TextEncoder().encode(document.text()));
  return written;
}
