import { resolve } from 'node:path';
import { casePassed } from '../../compiler/mailtest/run-test.ts';
import { replaceFile } from '../replace-file.ts';
import type { FileResult } from './run-file.ts';

/** Writes what came as what is expected, for each case that differs; gives how many. Comments and layout stay. */
export function updateFile({ path, document, cases }: FileResult, cwd: string): number {
  if (document === null) return 0;
  const values = cases.flatMap((result) =>
    casePassed(result) || result.actual === null ? [] : [{ path: ['cases', result.index], value: result.actual }],
  );
  if (values.length > 0) {
    replaceFile(resolve(cwd, path), new TextEncoder().encode(document.withValues('expect', values)));
  }
  return values.length;
}
