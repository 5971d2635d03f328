import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { stateOfFailure } from '../../compiler/source/read-failure.ts';
import { UsageError } from '../command.ts';
import type { Io } from '../io.ts';
import { entriesIn, reasonIn, stateOfNamed } from '../named-path.ts';

/** The files that operands name: files as they are, of folders every `.conf` below, without hidden ones and node_modules. */
export function filesOf(operands: readonly string[], io: Io): string[] {
  return operands.flatMap((operand) => {
    if (operand === '-') return [operand];
    if (stateOfNamed(operand, io.cwd)?.isDirectory() !== true) return [operand];
    const found = configurationsBelow(operand, io);
    if (found.length === 0) throw new UsageError(`no .conf file below ${operand}`);
    return found;
  });
}

function configurationsBelow(folder: string, io: Io): string[] {
  return entriesIn(folder, io).flatMap((entry) => {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return configurationsBelow(path, io);
    return entry.isFile() && entry.name.endsWith('.conf') ? [path] : [];
  });
}

export function readInput(path: string, cwd: string): Uint8Array {
  try {
    return readFileSync(resolve(cwd, path));
  } catch (error) {
    throw new UsageError(`${path}: ${reasonIn(stateOfFailure(error))}`);
  }
}
