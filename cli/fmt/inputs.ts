import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UsageError } from '../command.ts';

/** The files that operands name: files as they are, of folders every `.conf` below, without hidden ones and node_modules. */
export function filesOf(operands: readonly string[], cwd: string): string[] {
  return operands.flatMap((operand) => {
    if (operand === '-') return [operand];
    if (!statOf(operand, cwd).isDirectory()) return [operand];
    const found = configurationsBelow(operand, cwd);
    if (found.length === 0) throw new UsageError(`no .conf file below ${operand}`);
    return found;
  });
}

function statOf(path: string, cwd: string) {
  try {
    return statSync(resolve(cwd, path));
  } catch (error) {
    throw unreadable(path, error);
  }
}

function configurationsBelow(folder: string, cwd: string): string[] {
  const entries = readdirSync(resolve(cwd, folder), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return configurationsBelow(path, cwd);
    return entry.isFile() && entry.name.endsWith('.conf') ? [path] : [];
  });
}

export function readInput(path: string, cwd: string): Uint8Array {
  try {
    return readFileSync(resolve(cwd, path));
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): UsageError {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'ENOENT') return new UsageError(`${path}: no such file`);
  return new UsageError(`${path}: ${code === 'EACCES' ? 'permission denied' : 'cannot be read'}`);
}
