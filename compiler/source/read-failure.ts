import type { FileState } from '../host.ts';

/** In the words of the operating system, by the codes that Node gives its errors. */
const reasons: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'permission denied'],
  ['EPERM', 'permission denied'],
  ['ENOTDIR', 'not a directory'],
  ['ELOOP', 'too many levels of symbolic links'],
  ['ENAMETOOLONG', 'file name too long'],
  ['ERR_INVALID_ARG_VALUE', 'invalid argument'],
]);

/** What is known about a file that could not be read. */
export function stateOfFailure(error: unknown): FileState {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT') return { kind: 'absent' };
  if (code === 'EISDIR') return { kind: 'directory' };
  return { kind: 'unreadable', reason: reasons.get(code) ?? (code === '' ? 'cannot be read' : code) };
}
