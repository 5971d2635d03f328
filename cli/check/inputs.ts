import { resolve } from 'node:path';
import { defaultFile } from '../default-file.ts';
import type { Io } from '../io.ts';
import { stateOfNamed } from '../named-path.ts';

export interface Input {
  readonly path: string;
  /** Named by itself: checked as a configuration even when another one imports it. */
  readonly isNamed: boolean;
}

/** What operands stand for: files, the configurations in folders, patterns for shells that leave them alone. */
export async function inputsOf(operands: readonly string[], io: Io): Promise<readonly Input[]> {
  if (operands.length === 0) return [{ path: defaultFile(io), isNamed: true }];
  const found: Input[] = [];
  for (const operand of operands) {
    if (isPlain(operand, io)) found.push({ path: operand, isNamed: true });
    else found.push(...(await import('./folder.ts')).inputsIn(operand, io));
  }
  const seen = new Map<string, Input>();
  for (const input of found) {
    const key = input.path === '-' ? '-' : resolve(io.cwd, input.path);
    const earlier = seen.get(key);
    if (earlier === undefined || input.isNamed) seen.set(key, { ...(earlier ?? input), isNamed: input.isNamed });
  }
  return [...seen.values()];
}

/** A file, or something that is not there and is told as that. */
function isPlain(operand: string, { cwd }: Io): boolean {
  if (operand === '-') return true;
  const state = stateOfNamed(operand, cwd);
  return state === null ? !/[*?[{]/.test(operand) : !state.isDirectory();
}
