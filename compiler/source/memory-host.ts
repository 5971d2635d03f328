import { byteOffset } from '../../grammar/encoding.ts';
import type { FileState, Host } from '../host.ts';
import { cleanPath, directoryOf } from './path.ts';

export interface MemoryFiles {
  readonly files: ReadonlyMap<string, string | Uint8Array>;
  /** Directories besides those that the files lie in. */
  readonly directories?: readonly string[];
  readonly env?: ReadonlyMap<string, string>;
}

/** A complete snapshot held in memory: answers for every path what a Linux file system with these files would. */
export function createMemoryHost({ files, directories = [], env = new Map() }: MemoryFiles): Host {
  const known = new Map([...files].map(([path, content]) => [cleanPath(path), content]));
  const folders = new Set(['.', '/', ...directories.map(cleanPath)]);
  for (const path of [...known.keys(), ...folders]) {
    for (let folder = directoryOf(path); !folders.has(folder); folder = directoryOf(folder)) folders.add(folder);
  }
  return { env, read: (path) => read(path, known, folders) };
}

/** In bytes, as on Linux. */
const LONGEST_NAME = 255;
const LONGEST_PATH = 4095;

const byteLength = (text: string): number => byteOffset(text, text.length);

function read(path: string, files: ReadonlyMap<string, string | Uint8Array>, folders: ReadonlySet<string>): FileState {
  if (path.includes('\0')) return { kind: 'unreadable', reason: 'invalid argument' };
  const clean = cleanPath(path);
  const content = files.get(clean);
  if (content !== undefined) {
    return typeof content === 'string' ? { kind: 'text', text: content } : { kind: 'bytes', bytes: content };
  }
  if (folders.has(clean) || isAbove(clean, folders)) return { kind: 'directory' };
  let folder = directoryOf(clean);
  for (; folder !== directoryOf(folder); folder = directoryOf(folder)) {
    if (files.has(folder)) return { kind: 'unreadable', reason: 'not a directory' };
  }
  if (byteLength(path) > LONGEST_PATH || clean.split('/').some((name) => byteLength(name) > LONGEST_NAME)) {
    return { kind: 'unreadable', reason: 'file name too long' };
  }
  return { kind: 'absent' };
}

/** `..` and `../..` lie above the working directory, so they are directories. */
const isAbove = (path: string, folders: ReadonlySet<string>): boolean =>
  folders.has('.') && path.split('/').every((part) => part === '..');
